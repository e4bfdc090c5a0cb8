"""FHIR resources checked by the models of `fhir.resources` (extra `[fhir]`), which are not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError

from ..errors import InvalidFactError, MissingExtraError
from ..json_text import read_json

Version: TypeAlias = Literal["R5", "R4B"]
Resource: TypeAlias = dict[str, Any]
MODULES: Final = {"R5": "fhir.resources", "R4B": "fhir.resources.R4B"}


def read_resource(data: str | bytes | Mapping[str, Any], version: Version) -> Resource:
    """A resource as plain data, once its model has accepted it.

    Raises `InvalidFactError` with the place of what is wrong, `MissingExtraError` without the extra `[fhir]`.
    """
    read = read_json(data)
    plain: Resource = dict(read) if isinstance(read, Mapping) else {}
    kind = plain.get("resourceType")
    if not isinstance(kind, str):
        raise InvalidFactError('a FHIR resource is an object with a "resourceType"')
    _name_resources(plain, version)
    try:
        _model(kind, version).model_validate(_without_nan(plain))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidFactError(f"{kind}.{place}: {first['msg']} (FHIR {version})", place=place) from None
    return plain


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
    except ValueError:
        raise InvalidFactError(f"{where}FHIR {version} has no resource called {kind!r}", value=kind) from None


def _without_nan(data: Resource) -> Resource:
    try:
        json.dumps(data, allow_nan=False)
    except ValueError as error:
        raise InvalidFactError(f"a value that JSON cannot hold: {error}") from None
    return data
