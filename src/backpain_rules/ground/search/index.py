"""Indexes over the things that a variable ranges over: by equal values of a field, and by a range of its values."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Generic, TypeVar

V = TypeVar("V")
SORTED: Final = frozenset((int, float, date, datetime, time, timedelta))
"""Types whose values are kept in order. A range leaves out no value of another type."""


FEW: Final = 8
"""So many things are not worth an order."""


class Index(Generic[V]):
    """Different things, in the order in which they came; `read` gives the value of a field of one of them.

    A field is indexed when it is first asked for.
    """

    __slots__ = ("_equal", "_ordered", "_read", "all")

    def __init__(self, read: Callable[[V, str], Any], things: Sequence[V] = ()) -> None:
        self.all = [*things]
        self._read = read
        self._equal: dict[str, _Equal[V]] = {}
        self._ordered: dict[str, Ordered[V]] = {}

    def equal(self, field: str, value: object) -> Sequence[V]:
        """The things whose field has this value; None finds those whose field says nothing."""
        by_value = self._equal.get(field)
        if by_value is None:
            by_value = self._equal[field] = _Equal()
            for thing in self.all:
                by_value.add(self._read(thing, field), thing)
        several = by_value.several.get(value)
        if several is not None:
            return several
        one = by_value.first.get(value)
        return () if one is None else (one,)

    def between(self, field: str, low: object | None, high: object | None) -> Sequence[V]:
        """The things whose field may lie between these bounds, which are included; None is no bound.

        Those whose field says nothing may be left out.
        """
        if len(self.all) <= FEW:
            return self.all
        ordered = self._ordered.get(field)
        if ordered is None:
            read = self._read
            ordered = self._ordered[field] = Ordered([read(thing, field) for thing in self.all], self.all)
        return ordered.between(low, high)

    def add(self, thing: V) -> None:
        self.all.append(thing)
        for field, by_value in self._equal.items():
            by_value.add(self._read(thing, field), thing)
        for field, ordered in self._ordered.items():
            ordered.add(self._read(thing, field), thing)


class _Equal(Generic[V]):
    """Things by the values of one field. Most values are often those of one thing: only those of more have a list."""

    __slots__ = ("first", "several")

    def __init__(self) -> None:
        self.first: dict[Any, V] = {}
        self.several: dict[Any, list[V]] = {}

    def add(self, value: Any, thing: V) -> None:
        first = self.first.setdefault(value, thing)
        if first is not thing:
            self.several.setdefault(value, [first]).append(thing)


class Ordered(Generic[V]):
    """Things by the values of one field: those of a type that has an order in that order, the others apart."""

    __slots__ = ("_others", "_runs")

    def __init__(self, values: Sequence[Any] = (), things: Sequence[V] = ()) -> None:
        self._runs: dict[type, tuple[list[Any], list[V]]] = {}
        self._others: list[V] = []
        by_type: dict[type, tuple[list[Any], list[V]]] = {}
        for kind in set(map(type, values)):
            of = [number for number, value in enumerate(values) if type(value) is kind]
            by_type[kind] = ([values[number] for number in of], [things[number] for number in of])
        by_type.pop(type(None), None)
        for kind, (run, of_run) in by_type.items():
            if kind not in SORTED:
                self._others += of_run
                continue
            if kind is float and any(value != value for value in run):  # NaN has no place in an order
                self._others += [thing for value, thing in zip(run, of_run, strict=True) if value != value]
                of_run = [thing for value, thing in zip(run, of_run, strict=True) if value == value]
                run = [value for value in run if value == value]
            order = sorted(range(len(run)), key=run.__getitem__)
            self._runs[kind] = ([run[number] for number in order], [of_run[number] for number in order])

    def between(self, low: object | None, high: object | None) -> Sequence[V]:
        """The things whose value may lie between these bounds, which are included; None is no bound."""
        found = self._others
        for kind, (values, things) in self._runs.items():
            start = bisect_left(values, low) if type(low) is kind else 0
            end = bisect_right(values, high) if type(high) is kind else len(values)
            found = found + things[start:end] if found else things[start:end]
        return found

    def add(self, value: Any, thing: V) -> None:
        if value is None:
            return
        if not _has_order(value):
            self._others.append(thing)
            return
        values, things = self._runs.setdefault(type(value), ([], []))
        at = bisect_right(values, value)
        values.insert(at, value)
        things.insert(at, thing)

    def discard(self, value: Any, thing: V) -> None:
        """Take out a thing that was added with this value."""
        if value is None:
            return
        if not _has_order(value):
            self._others.remove(thing)
            return
        values, things = self._runs[type(value)]
        at = bisect_left(values, value)
        while things[at] != thing:
            at += 1
        del values[at], things[at]

    def copy(self) -> Ordered[V]:
        other = Ordered[V]()
        other._others = self._others.copy()
        other._runs = {kind: (values.copy(), things.copy()) for kind, (values, things) in self._runs.items()}
        return other


def _has_order(value: Any) -> bool:
    return type(value) in SORTED and bool(value == value)
