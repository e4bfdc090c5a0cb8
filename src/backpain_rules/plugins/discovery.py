"""Find the installed packs, and the reasons why some cannot be used.

Entry points are loaded here one by one, not by pluggy: pluggy lets one entry point silently replace another with the same name,
and a pack that fails to import stops all packs after it.
"""

from __future__ import annotations

import importlib.metadata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import TypeAlias

from ..errors import DuplicatePackError, PackError, UnknownPackError, did_you_mean, nearest
from .loading import Entry, FoundPack, load

GROUP = "backpain_rules.packs"
Outcomes: TypeAlias = Mapping[Entry, FoundPack | PackError]


@dataclass(frozen=True)
class Discovery:
    """The usable packs, ordered by id, and an error for each unusable one."""

    packs: tuple[FoundPack, ...]
    broken: tuple[PackError, ...]


def load_packs(
    names: Sequence[str] = (), *, group: str = GROUP, entry_points: Iterable[EntryPoint] | None = None
) -> tuple[tuple[FoundPack, ...], tuple[PackError, ...]]:
    """The packs for a knowledge base, and the errors of the packs left out.

    Without names: every installed pack that works. With names: these packs and their requirements; raises the error of the first
    one that cannot be used.
    """
    found = discover(names, group=group, entry_points=entry_points)
    if names and found.broken:
        raise found.broken[0]
    return found.packs, found.broken


def discover(names: Sequence[str] = (), *, group: str = GROUP, entry_points: Iterable[EntryPoint] | None = None) -> Discovery:
    """Every installed pack; with `names`, only these, their requirements, and the related errors.

    A pack can be named by its id or by its entry point. If two packs share a name, a pack shipped with this library wins;
    otherwise neither is used. Apart from that, a broken pack never affects another. All packs are imported even if only some are
    named, so that the result does not depend on the names.
    """
    points = importlib.metadata.entry_points(group=group) if entry_points is None else entry_points
    entries = sorted(set(map(Entry.of, points)), key=lambda entry: (entry.name, entry.distribution, entry.point.value))
    outcomes = _with_requirements(_without_rivals({entry: _outcome(entry) for entry in entries}))
    packs, broken = tuple(_good(outcomes).values()), tuple(o for o in outcomes.values() if isinstance(o, PackError))
    if names:
        packs, broken = _asked_for(names, packs, broken)
    return Discovery(tuple(sorted(packs, key=lambda found: found.pack.id)), broken)


def _outcome(entry: Entry) -> FoundPack | PackError:
    try:
        return load(entry)
    except PackError as error:
        return error


def _good(outcomes: Outcomes) -> dict[Entry, FoundPack]:
    return {entry: outcome for entry, outcome in outcomes.items() if isinstance(outcome, FoundPack)}


def _without_rivals(outcomes: Outcomes) -> Outcomes:
    """Drop entries whose name another entry claims too, except for this library's own."""
    claimants: dict[str, list[Entry]] = defaultdict(list)
    for entry, outcome in outcomes.items():
        for name in dict.fromkeys((entry.name, _id(entry, outcome))):
            claimants[name].append(entry)
    refused: dict[Entry, PackError] = {}
    for name, rivals in claimants.items():
        shipped = [entry for entry in rivals if entry.is_shipped]
        for entry in rivals:
            if len(rivals) > 1 and not entry.is_shipped:
                rival = next(other for other in (*shipped, *rivals) if other != entry)
                refused[entry] = _duplicate(name, entry, rival, _id(entry, outcomes[entry]))
    return {**outcomes, **refused}


def _duplicate(name: str, entry: Entry, rival: Entry, id: str) -> PackError:
    return entry.broken(
        f"{name!r} is also the name of a pack of {rival.distribution} {rival.version} (its entry point {rival.name!r}), "
        + ("which stays" if rival.is_shipped else "and neither is loaded"),
        f"uninstall {entry.distribution}" if rival.is_shipped else "uninstall one of the two",
        DuplicatePackError, pack=id, name=name, rival=rival.distribution,
    )  # fmt: skip


def _with_requirements(outcomes: Outcomes) -> Outcomes:
    """Mark packs with unmet requirements as broken, and the packs that require those."""
    while True:
        good = _good(outcomes)
        usable = _by_name(good.values())
        unmet = {
            entry: _unmet(entry, found, missing[0], outcomes)
            for entry, found in good.items()
            if (missing := [name for name in found.pack.requires if name not in usable])
        }
        if not unmet:
            return outcomes
        outcomes = {**outcomes, **unmet}


def _unmet(entry: Entry, found: FoundPack, required: str, outcomes: Outcomes) -> PackError:
    for outcome in outcomes.values():
        if isinstance(outcome, PackError) and required in _names(outcome):
            why = f"it requires the pack {required!r}, which is broken ({outcome.message})"
            return entry.broken(why, "mend that first", pack=found.pack.id, required=required)
    hint = did_you_mean(required, _by_name(_good(outcomes).values()))
    why = f"it requires the pack {required!r}, which is not installed{hint}"
    return entry.broken(why, "install it", UnknownPackError, pack=found.pack.id, required=required)


def _asked_for(
    names: Sequence[str], packs: Iterable[FoundPack], broken: Iterable[PackError]
) -> tuple[tuple[FoundPack, ...], tuple[PackError, ...]]:
    usable = _by_name(packs)
    chosen: dict[str, FoundPack] = {}
    errors: list[PackError] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in usable:
            errors += [error for error in broken if name in _names(error)] or [_unknown(name, usable)]
        elif usable[name].pack.id not in chosen:
            found = chosen[usable[name].pack.id] = usable[name]
            waiting += found.pack.requires
    return tuple(chosen.values()), tuple(errors)


def _unknown(name: str, usable: Mapping[str, FoundPack]) -> UnknownPackError:
    known = sorted({found.pack.id for found in usable.values()})
    hint = did_you_mean(name, usable) or f"; installed: {', '.join(known) or 'none'}"
    return UnknownPackError(
        f"no installed pack is called {name!r}{hint}", pack=name, suggestions=nearest(name, usable, 3), known=known
    )


def _by_name(packs: Iterable[FoundPack]) -> dict[str, FoundPack]:
    return {name: found for found in packs for name in (found.entry_point, found.pack.id)}


def _names(error: PackError) -> tuple[object, object]:
    return error.fields.get("pack"), error.fields.get("entry_point")


def _id(entry: Entry, outcome: FoundPack | PackError) -> str:
    """The id of a pack; for a broken pack, the name of its entry point."""
    return outcome.pack.id if isinstance(outcome, FoundPack) else entry.name
