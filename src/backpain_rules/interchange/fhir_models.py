"""FHIR resources checked by the models of `fhir.resources` (extra `[fhir]`), which are not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import DEEPEST, LONGEST_NAME, InvalidFactError, MissingExtraError, shown
from ..json_text import read_json

Version: TypeAlias = Literal["R5", "R4B", "R4"]
Resource: TypeAlias = dict[str, Any]
MODULES: Final = {"R5": "fhir.resources", "R4B": "fhir.resources.R4B", "R4": "fhir.resources.R4B"}
"""The models of each version. R4B changed none of the resources that are read and written here, so its models serve R4."""

LONGEST_MESSAGE: Final = 300


def read_frame(data: str | bytes | bytearray | Mapping[str, Any]) -> Resource:
    """A resource as plain data, unchecked but for its frame: an object with a `resourceType`. Raises `InvalidFactError`."""
    read = read_json(data)
    plain: Resource = dict(read) if isinstance(read, Mapping) else {}
    kind = plain.get("resourceType")
    if not isinstance(kind, str):
        raise InvalidFactError('a FHIR resource is an object with a "resourceType"')
    return plain


def accepted(resource: Resource, version: Version) -> Resource:
    """The resource as the model of its type accepts it; a member that is null says nothing and is left out.

    Raises `InvalidFactError` for the first fault, with its place; its `errors` list every fault with `place` and `message`.
    Raises `MissingExtraError` without the extra `[fhir]`.
    """
    kind = shown(resource["resourceType"])[1:-1]
    try:
        plain: Resource = json.loads(json.dumps(resource, allow_nan=False), object_hook=_without_nulls)
        _name_resources(plain, version)
        _model(plain["resourceType"], version).model_validate(plain)
    except ValidationError as error:
        faults = [_fault(kind, fault) for fault in error.errors(include_url=False, include_context=False, include_input=False)]
        first = faults[0]
        message = f"{kind}.{first['place']}: {first['message']} (FHIR {version})"
        raise InvalidFactError(message, place=first["place"], errors=faults) from None
    except RecursionError:
        raise InvalidFactError(f"{kind}: it is nested too deeply to be checked") from None
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        # The models run validators of their own, which can fail on what they did not expect.
        raise InvalidFactError(f"{kind} is not accepted as FHIR {version}: {str(error)[:200]}") from None
    return plain


def _without_nulls(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _fault(kind: str, fault: ErrorDetails) -> dict[str, str]:
    place = ".".join(str(part)[:LONGEST_NAME] for part in fault["loc"][:DEEPEST])
    return {"place": place, "message": fault["msg"][:LONGEST_MESSAGE]}


def _name_resources(plain: Resource, version: Version) -> None:
    """Refuse a resource inside that has no known name: the models look it up before they check anything."""
    waiting: list[tuple[str, Any]] = [("", plain)]
    while waiting:
        place, here = waiting.pop()
        if isinstance(here, list):
            waiting += ((f"{place}[{number}]", one) for number, one in enumerate(here))
        elif isinstance(here, dict):
            waiting += ((f"{place}.{name}".lstrip("."), one) for name, one in here.items())
            if place.endswith(".resource") or "resourceType" in here:
                kind = here.get("resourceType")
                if not isinstance(kind, str):
                    raise InvalidFactError(f'{place}: a FHIR resource is an object with a "resourceType"', place=place)
                _model(kind, version, f"{place}: " if place else "")


def checked(resource: Resource, version: Version) -> Resource:
    """A resource of ours, after its model has accepted it."""
    _model(resource["resourceType"], version).model_validate(resource)
    return resource


def _model(kind: str, version: Version, where: str = "") -> Any:
    if version not in MODULES:
        raise InvalidFactError(f"there is no FHIR version {version!r} here; use one of {', '.join(MODULES)}", value=version)
    try:
        library = import_module(MODULES[version])
    except ModuleNotFoundError:
        raise MissingExtraError(
            "FHIR needs fhir.resources, which is not installed: pip install 'backpain-rules[fhir]'",
            extra="fhir",
            missing="fhir.resources",
        ) from None
    try:
        return library.get_fhir_model_class(kind)
    except (ValueError, KeyError, TypeError):
        raise InvalidFactError(f"{where}FHIR {version} has no resource called {shown(kind)}", value=kind) from None
