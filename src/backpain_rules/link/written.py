"""Which line of source code an error about a rule base is about: that of the rule it names, else that of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import BackpainRulesError
from ..pack import Pack
from ..rule import Constraint, Partition, Rule, Written


def with_line(error: BackpainRulesError, packs: Iterable[Pack]) -> BackpainRulesError:
    """The error with the line of the rule or pack that its details name; itself when they name none, or it has one."""
    details = error._details
    if "file" in details:
        return error
    packs = tuple(packs)
    names = {f"{pack.id}:{one.id}": one for pack in packs for one in _acts(pack)}
    named = (details.get(what) for what in ("rule", "constraint", "partition"))
    one = next((names[name] for name in named if isinstance(name, str) and name in names), None)
    written: Written | None = one.written if one is not None else None
    if written is None:
        written = next((pack.written for pack in packs if pack.id == details.get("pack")), None)
    return error if written is None else error.written(*written)


def _acts(pack: Pack) -> Iterator[Rule | Constraint | Partition]:
    yield from pack.rules
    yield from pack.constraints
    yield from pack.partitions
