"""Which values of each slot have to be told apart, so that every case that some atoms can tell from another is among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Final

from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..ground.nodes import OPERATORS, Atom, JoinTest, Said, SlotTest, by_place
from ..link.model import Linked
from .joins import calculates, constants_of, slots_of, with_sums
from .values import STEPS, Values, group_by, is_enumerated, values_of

MOST_TOGETHER: Final = 4
"""How many slots that are compared with each other get values enough in each gap between constants."""


class Choices:
    """The values of the slots that some atoms read. `known` are facts whose own values are told apart too."""

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
        """The values of a slot, one of each kind that atoms tell apart; and whether these are all kinds there are."""
        field = _field(said)
        ids = self._linked.ids(field.vocabulary) if field.vocabulary else ()
        if said not in self.joined:
            found, exact = values_of(field, ids, [test.value for test in self._tests.get(said, ())])
            return Values(group_by(self._with_known(said, field, found), self.tests(said)), exact)
        together = sum(_field(other).base is field.base for other in self.joined)
        found, exact = values_of(field, ids, self._pool, min(max(2, together), MOST_TOGETHER))
        enumerated = field.is_finite or is_enumerated(field)
        exact = exact and (enumerated or (not self._calculates and together <= MOST_TOGETHER))
        return Values(self._with_known(said, field, found), exact)

    def tests(self, said: Said) -> list[Callable[[Any], bool]]:
        """What atoms ask of a slot by itself."""
        return [asks(atom) for atom in self._tests.get(said, ())]

    # --- inside -----------------------------------------------------------------------------------------------------

    @cached_property
    def _calculates(self) -> bool:
        return any(calculates(join) for join in self._joins)

    @cached_property
    def _pool(self) -> tuple[Any, ...]:
        """Constants to choose the values of compared slots by; where rules calculate, sums of them too."""
        joined = sorted(self.joined, key=str)
        pool = [constant for join in self._joins for constant in constants_of(join)]
        pool += [test.value for said in joined for test in self._tests.get(said, ())]
        pool += [value for said in joined if (value := self._known_value(said)) is not None]
        for field in map(_field, joined):
            if not any(type(constant) is field.base for constant in pool):
                pool += values_of(field, (), ()).found[:1]
        return with_sums(pool) if self._calculates else tuple(pool)

    def _with_known(self, said: Said, field: FieldSchema, values: tuple[Any, ...]) -> tuple[Any, ...]:
        given = self._known_value(said)
        if given is None or given in values:
            return values
        return tuple(sorted((*values, given))) if field.base in STEPS else (*values, given)

    def _known_value(self, said: Said) -> Any:
        fact = self._known.get(said.place)
        return None if fact is None else fact.__dict__[str(said.slot)]


def asks(atom: SlotTest) -> Callable[[Any], bool]:
    """What an atom asks of the value of a slot."""
    return lambda value: bool(OPERATORS[atom.op](value, atom.value))


def _field(said: Said) -> FieldSchema:
    return said.place.kind.schema_.fields[str(said.slot)]
