"""Which values of each slot the solver must distinguish, so that it covers every case that the atoms can distinguish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from functools import cached_property
from typing import Any, Final

from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..facts.values import STEPS, Values, all_of, group_by, is_listed, values_of
from ..ground.nodes import Atom, JoinTest, Said, SlotTest, by_place
from ..ir.operators import OPERATORS
from ..link.model import Linked
from ..link.moments import in_a_zone
from .joins import bound_together, calculates, constants_of, slots_of, with_sums

MOST_TOGETHER: Final = 4
"""Up to so many slots that are compared with each other get enough values in each gap between constants."""


class Choices:
    """The values of the slots that some atoms read. The values of the `known` facts are always among them."""

    def __init__(self, linked: Linked, atoms: Iterable[Atom], known: Iterable[Fact] = ()) -> None:
        self._linked = linked
        self._known = by_place(known)
        self._tests: dict[Said, list[SlotTest]] = {}
        self._joins: list[JoinTest] = []
        for atom in atoms:
            if isinstance(atom, SlotTest):
                self._tests.setdefault(Said(atom.place, atom.slot), []).append(atom)
            elif isinstance(atom, JoinTest):
                self._joins.append(atom)

    @property
    def read(self) -> Iterable[Said]:
        """The slots that atoms read."""
        return dict.fromkeys((*self._tests, *(said for join in self._joins for said in slots_of(join))))

    @cached_property
    def joined(self) -> frozenset[Said]:
        """The slots that are compared with other slots."""
        return frozenset(said for join in self._joins for said in slots_of(join))

    def of(self, said: Said) -> Values:
        """One value of a slot for each outcome of the tests on it, and whether these cover all outcomes."""
        field, ids = _field(said), self._ids(said)
        if said not in self.joined:
            found, exact = values_of(field, ids, [test.value for test in self._tests.get(said, ())])
            return Values(group_by(self._with_known(said, field, found), self.tests(said)), exact)
        found, exact = values_of(field, ids, self._pool, min(max(2, self._together(said)), MOST_TOGETHER))
        return Values(self._with_known(said, field, found), exact)

    def every(self, said: Said) -> Values:
        """All values of a slot that is listed."""
        return Values(all_of(_field(said), self._ids(said)), True)

    def is_listed(self, said: Said) -> bool:
        """Whether all values of a slot are known and few."""
        return is_listed(_field(said))

    def are_exact(self, atom: JoinTest) -> bool:
        """Whether the values of the slots cover a comparison: every other value gives the same outcome as one of them.

        They do if all values are tried, or if the comparison computes nothing, so that only the order of a few slots counts.
        """
        return all(self.is_listed(said) or self._is_ordering(said) for said in slots_of(atom))

    def kinds(self, said: Said) -> tuple[Any, ...]:
        """One value for each outcome of the tests on a slot."""
        return group_by(self.of(said).found, self.tests(said))

    def known(self, said: Said) -> Any:
        """The value of a slot in the known facts; None if there is none."""
        fact = self._known.get(said.place)
        return None if fact is None else fact.__dict__[str(said.slot)]

    def tests(self, said: Said) -> list[Callable[[Any], bool]]:
        """What atoms ask of a slot by itself."""
        return [asks(atom) for atom in self._tests.get(said, ())]

    # --- inside -----------------------------------------------------------------------------------------------------

    def _ids(self, said: Said) -> tuple[str, ...]:
        field = _field(said)
        return self._linked.ids(field.vocabulary) if field.vocabulary else ()

    def _together(self, said: Said) -> int:
        """How many slots influence the value of this one, itself included."""
        return len({other for join in self._bound_together[said] for other in slots_of(join)})

    def _is_ordering(self, said: Said) -> bool:
        """Whether all comparisons of a slot only order it against a few slots of its type."""
        joins = self._bound_together[said]
        bases = {_field(other).base for join in joins for other in slots_of(join)}
        return self._together(said) <= MOST_TOGETHER and len(bases) == 1 and not any(map(calculates, joins))

    @cached_property
    def _bound_together(self) -> dict[Said, frozenset[JoinTest]]:
        return bound_together(self._joins)

    @cached_property
    def _calculates(self) -> bool:
        return any(calculates(join) for join in self._joins)

    @cached_property
    def _pool(self) -> tuple[Any, ...]:
        """The constants from which the values of compared slots are chosen; if rules calculate, sums of constants too."""
        joined = sorted(self.joined, key=str)
        pool = [constant for join in self._joins for constant in constants_of(join)]
        pool += [test.value for said in joined for test in self._tests.get(said, ())]
        pool += [value for said in joined if (value := self.known(said)) is not None]
        for field in map(_field, joined):
            if not any(type(constant) is field.base for constant in pool):
                pool += values_of(field, (), (), has_zone=self._has_zone(field.base)).found[:1]
        return with_sums(pool) if self._calculates else tuple(pool)

    def _has_zone(self, kind: type) -> bool:
        """Whether moments of this type have a time zone: as the moments in rules, or else as those in known facts."""
        if kind in self._linked.zones:
            return self._linked.zones[kind][0]
        said = (fact.__dict__[name] for fact in self._known.values() for name in fact.schema_.moments)
        return any(type(value) is kind and in_a_zone(value) for value in said if isinstance(value, (datetime, time)))

    def _with_known(self, said: Said, field: FieldSchema, values: tuple[Any, ...]) -> tuple[Any, ...]:
        given = self.known(said)
        if given is None or given in values:
            return values
        return tuple(sorted((*values, given))) if field.base in STEPS else (*values, given)


def asks(atom: SlotTest) -> Callable[[Any], bool]:
    """The test that an atom makes on the value of a slot."""
    return lambda value: bool(OPERATORS[atom.op](value, atom.value))


def _field(said: Said) -> FieldSchema:
    return said.place.kind.schema_.fields[str(said.slot)]
