"""An index over the things that a variable ranges over: by equal values of a field, and by a range of its values.

A field is indexed when it is first asked for. From then on the index follows what is added and discarded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Generic, TypeVar

V = TypeVar("V")
SORTED: Final = (int, float, date, datetime, time, timedelta)
"""Types whose values are kept in order. A range leaves out no value of another type."""


class Index(Generic[V]):
    """Things in the order in which they came, each once; `read` gives the value of a field of one of them."""

    def __init__(self, read: Callable[[V, str], Any], things: Iterable[V] = ()) -> None:
        self.all: dict[V, None] = dict.fromkeys(things)
        self._read = read
        self._equal: dict[str, dict[Any, dict[V, None]]] = {}
        self._ordered: dict[str, _Ordered[V]] = {}

    def equal(self, field: str, value: object) -> Iterable[V]:
        """The things whose field has this value; None finds those whose field says nothing."""
        by_value = self._equal.get(field)
        if by_value is None:
            read = self._read
            by_value = self._equal[field] = {}
            for thing in self.all:
                by_value.setdefault(read(thing, field), {})[thing] = None
        return by_value.get(value, ())

    def between(self, field: str, low: object | None, high: object | None) -> list[V]:
        """The things whose field may lie between these bounds, which are included; None is no bound.

        Those whose field says nothing are left out.
        """
        ordered = self._ordered.get(field)
        if ordered is None:
            ordered = self._ordered[field] = _Ordered([(self._read(thing, field), thing) for thing in self.all])
        return ordered.between(low, high)

    def add(self, thing: V) -> None:
        if thing in self.all:
            return
        self.all[thing] = None
        for field, by_value in self._equal.items():
            by_value.setdefault(self._read(thing, field), {})[thing] = None
        for field, ordered in self._ordered.items():
            ordered.add(self._read(thing, field), thing)

    def discard(self, thing: V) -> None:
        """Take a thing out; its fields must read as they did when it was added."""
        if thing not in self.all:
            return
        del self.all[thing]
        for field, by_value in self._equal.items():
            value = self._read(thing, field)
            del by_value[value][thing]
            if not by_value[value]:
                del by_value[value]
        for field, ordered in self._ordered.items():
            ordered.discard(self._read(thing, field), thing)

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[V]:
        return iter(self.all)


class _Ordered(Generic[V]):
    """Things by the values of one field: those of a type that has an order in that order, the others apart."""

    def __init__(self, pairs: list[tuple[Any, V]]) -> None:
        self._runs: dict[type, tuple[list[Any], list[V]]] = {}
        self._others: dict[V, None] = {}
        by_type: dict[type, list[tuple[Any, V]]] = {}
        for value, thing in pairs:
            if value is None:
                continue
            if _has_order(value):
                by_type.setdefault(type(value), []).append((value, thing))
            else:
                self._others[thing] = None
        for kind, run in by_type.items():
            run.sort(key=_value)
            self._runs[kind] = ([value for value, _ in run], [thing for _, thing in run])

    def between(self, low: object | None, high: object | None) -> list[V]:
        found = [*self._others]
        for kind, (values, things) in self._runs.items():
            start = bisect_left(values, low) if type(low) is kind else 0
            end = bisect_right(values, high) if type(high) is kind else len(values)
            found += things[start:end]
        return found

    def add(self, value: Any, thing: V) -> None:
        if value is None:
            return
        if not _has_order(value):
            self._others[thing] = None
            return
        values, things = self._runs.setdefault(type(value), ([], []))
        at = bisect_right(values, value)
        values.insert(at, value)
        things.insert(at, thing)

    def discard(self, value: Any, thing: V) -> None:
        self._others.pop(thing, None)
        if value is None or not _has_order(value):
            return
        values, things = self._runs[type(value)]
        at = bisect_left(values, value)
        while things[at] != thing:
            at += 1
        del values[at], things[at]


def _value(pair: tuple[Any, object]) -> Any:
    return pair[0]


def _has_order(value: Any) -> bool:
    return type(value) in SORTED and bool(value == value)  # NaN equals nothing, itself included
