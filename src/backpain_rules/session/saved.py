"""A session as JSON: its facts, and under which packs it was made; interviews say the same of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import OtherPacksError
from ..facts.base import Fact, to_data
from ..link.identity import identity, parameter_values
from ..link.model import Linked

VERSION: Final = 1
SESSION: Final = "session"


def made_with(linked: Linked, kind: str = SESSION) -> dict[str, Any]:
    """What something saved says of its rule base: packs with version and content, and parameters."""
    packs = {pack.id: {"version": pack.version, "content": pack.content} for pack in identity(linked)}
    return {kind: VERSION, "packs": packs, "parameters": parameter_values(linked)}


def saved(linked: Linked, facts: Iterable[Fact]) -> dict[str, Any]:
    """The whole session."""
    return {**made_with(linked), "facts": [to_data(fact) for fact in facts]}


def check_made_with(
    linked: Linked, data: Mapping[str, Any], *, place: str, accept_other_packs: bool, kind: str = SESSION
) -> None:
    """Raises `OtherPacksError`, which names every difference, unless they are accepted."""
    if not isinstance(data, Mapping) or data.get(kind) != VERSION:
        raise OtherPacksError(f"{place}: this is no saved {kind} of version {VERSION}", place=place)
    different = list(_differences(made_with(linked), data))
    if different and not accept_other_packs:
        raise OtherPacksError(
            f"{place} was made under other packs: {'; '.join(different)}. Load those, or pass accept_other_packs=True to derive "
            "everything anew under these",
            place=place, differences=tuple(different),
        )  # fmt: skip


def _differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterable[str]:
    packs, others = here["packs"], there.get("packs", {})
    for id in sorted({*packs, *others}):
        mine, its = packs.get(id), others.get(id)
        if mine is None or its is None:
            yield f"pack {id} {'is not loaded' if mine is None else 'was not there'}"
        elif mine["version"] != its.get("version"):
            yield f"pack {id} was {its.get('version')} and is {mine['version']}"
        elif mine != its:
            yield f"pack {id} {mine['version']} has other content than it had"
    numbers, then = here["parameters"], there.get("parameters", {})
    for name in sorted({*numbers, *then}):
        pack = name.partition(":")[0]
        if pack in packs and pack in others and numbers.get(name) != then.get(name):
            yield f"parameter {name} was {then.get(name)} and is {numbers.get(name)}"
