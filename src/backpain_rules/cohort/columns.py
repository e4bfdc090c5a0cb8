"""The columns of a table of cases and of its results, and their names.

A name consists of parts joined by two underscores, so no tool needs to quote it:

* `pain__lumbar`: whether the fact with this type and key is there; `patient` for a type without a key.
* `pain__lumbar__severity`: one slot of the fact. Null is unknown; a value implies that the fact is there.
* `finding__acute_strain__lumbar`: a conclusion. True: established. Null: not established but still possible.
  False: not possible.
* `finding__acute_strain__lumbar__firm`: true if it is certain as well. Only conclusions that can depend on a default have
  this column; every other conclusion is firm whenever it is true.
* `conflict__acupuncture_thirst_and_no_thirst`: a constraint is broken; `conflict__finding__acute_strain__lumbar`: conclusions
  of this key contradict each other.

A part of a key that is left out is left out of the name at its end, and is `none` before other parts. Conclusions with
one key are told apart by the fields in which they differ, where they say something:
`recommendation__acupuncture__acute_strain__until_better`.
"""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final, Literal, NoReturn

from ..errors import LONGEST_NAME, TableError, nearest, shown
from ..facts.base import Fact, to_data
from ..facts.schema import FieldSchema
from ..ground.nodes import Derived, Every, Known, Node, Place, Some
from ..ground.program import Program
from ..ir.bits import FALSE
from ..link.model import Linked
from .defaults import provisional

SEPARATOR: Final = "__"
NEARLY: Final = 0.9
"""Names at least this similar (of 1) count as typos of each other. `patient_id` and `patient__age` are less similar."""
_WORDS: Final[Mapping[type, str]] = {
    int: "a whole number", float: "a number", str: "text", timedelta: "a time, such as PT6H", date: "a date, such as 2026-01-31"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InputColumn:
    """One column of a table of cases: a slot of the fact at a place or, with `slot` None, whether it is there."""

    name: str
    place: Place
    slot: str | None

    @property
    def field(self) -> FieldSchema | None:
        """What the slot holds; None for a column that says whether the fact is there."""
        return None if self.slot is None else self.place.kind.schema_.fields[self.slot]

    @property
    def holds(self) -> str:
        """What the values are, in words: `a whole number, in years`, or `one of female, male`."""
        if self.field is None:
            return "true or false" if self.place.kind.schema_.has_present else "true"
        if self.field.values:
            return f"one of {', '.join(_said(value) for value in self.field.values)}"
        if self.field.vocabulary:
            return f"the id of a declared {self.field.vocabulary}"
        words = _WORDS.get(self.field.base, self.field.base.__name__)
        return f"{words}, in {self.field.unit}" if self.field.unit else words


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """One column of the results: the premise whose bits it shows, and what it is about.

    A `result` column is true, false or null; a `firm` column is true or false. `about` is the conclusion as JSON data, or
    says which constraint is broken.
    """

    name: str
    shows: Literal["result", "firm"]
    node: Node
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a knowledge base: those that a table of cases can have, and those that its results have.

    `left_out` are the stated types that have none, as their keys are unbounded: a row is a case without such facts.
    """

    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    left_out: tuple[type[Fact], ...]


def columns_of(program: Program) -> Columns:
    """Every column of a table of cases of this program, and of its results."""
    stated = [kind for kind in program.linked.fact_types.values() if kind not in program.linked.derived_types]
    left_out = tuple(kind for kind in stated if not kind.schema_.is_open)
    return Columns(input_columns(program.linked), output_columns(program), left_out)


def input_columns(linked: Linked) -> tuple[InputColumn, ...]:
    """Every column that a table of cases can have: one for each fact of an open type, and one for each of its slots."""
    return _distinct(tuple(_inputs(linked)))


def output_columns(program: Program) -> tuple[OutputColumn, ...]:
    """The columns of the results: each conclusion that some rule gives, each constraint, each possible contradiction."""
    return _distinct((*_conclusions(program), *_constraints(program), *_contradictions(program)))


def column_named(known: Mapping[str, InputColumn], name: str) -> InputColumn | None:
    """The input column of this name; the id of a symptom names its column too."""
    return known.get(name) or known.get(f"symptom{SEPARATOR}{name}")


def matching(
    linked: Linked, known: Mapping[str, InputColumn], names: Sequence[str], ignore: Collection[str] = ()
) -> dict[int, InputColumn]:
    """The input columns among these names, by position.

    A column that is named in `ignore`, and one whose name resembles none that is known, is somebody else's: it is carried over
    to the results. Raises `TableError` for a name that begins as those of a fact type do, or that is nearly that of a column, and
    for two columns that say the same thing.
    """
    by_tag = {_slug(tag): kind for tag, kind in linked.fact_types.items()}
    found: dict[int, InputColumn] = {}
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            raise TableError(f"two columns are called {shown(name)}", column=name)
        seen.add(name)
        if name in ignore:
            continue
        if (column := column_named(known, name)) is not None:
            if (other := next((at for at, one in found.items() if one == column), None)) is not None:
                both = f"{shown(names[other])} and {shown(name)}"
                raise TableError(f"two columns say the same, {both}; drop one of them", column=name)
            found[position] = column
        elif (kind := by_tag.get(name.partition(SEPARATOR)[0])) is not None or name.startswith(f"conflict{SEPARATOR}"):
            raise TableError(_refusal(linked, kind, name, known), column=name)
        elif len(names) == 1 and _separator(name):
            refuse_none_read(known, names)
        elif near := _resembled(known, name):
            raise TableError(
                f"column {shown(name)} is not read: did you mean {near!r}? Rename it, or name it in ignore=[...] (--ignore)",
                column=name, suggestions=(near,),
            )  # fmt: skip
    return found


def refuse_none_read(known: Mapping[str, InputColumn], names: Sequence[str]) -> NoReturn:
    """Raise the `TableError` for a table of which no column would be read."""
    raise TableError(f"no column of this table is read{_why_none(known, names)}", columns=tuple(names))


def _resembled(known: Mapping[str, InputColumn], name: str) -> str | None:
    """The column whose name this nearly is: in another case, with other separators, without its type, or with a slip in it."""
    if len(name) > LONGEST_NAME:
        return None
    readings = {_slug(column): column for column in known}
    readings |= {_slug(column.removeprefix("symptom")): column for column in known if column.startswith(f"symptom{SEPARATOR}")}
    readings |= {slot: name for name, column in known.items() if (slot := column.slot) and not column.place.key}
    near = difflib.get_close_matches(_slug(name), readings, 1, NEARLY)
    return readings[near[0]] if near else None


def _separator(name: str) -> str | None:
    """What separates the columns of a header that was read as one name."""
    return next((word for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if separator in name), None)


def _why_none(known: Mapping[str, InputColumn], names: Sequence[str]) -> str:
    if len(names) == 1 and (word := _separator(names[0])):
        return f": its columns are separated by {word}; write them with commas"
    listed = ", ".join(shown(name) for name in names[:5])
    near = next((hit[0] for name in names if (hit := nearest(name, known))), None)
    hint = f"did you mean {near!r}? " if near else ""
    return f", only {listed}; {hint}kb.cohort_columns() (--columns) lists what can be read"


def _refusal(linked: Linked, kind: type[Fact] | None, name: str, known: Iterable[str]) -> str:
    if kind is None or kind in linked.derived_types:
        return f"column {name!r}: this is the name of a result; rename or drop it, conclusions cannot be stated"
    if not kind.schema_.is_open:
        keys = ", ".join(key for key in kind.schema_.keys if not kind.schema_.fields[key].is_finite)
        return (
            f"column {name!r}: {kind.__name__} has an unbounded key ({keys}), so its facts have no columns; "
            "assess those cases one by one"
        )
    near = nearest(name, known)
    hint = f"; did you mean {near[0]!r}?" if near else "; kb.cohort_columns() lists them"
    return f"column {shown(name)}: no loaded pack has this place or slot{hint}"


# --- what goes in ------------------------------------------------------------------------------------------------------


def _inputs(linked: Linked) -> Iterator[InputColumn]:
    for kind in linked.fact_types.values():
        if kind in linked.derived_types or not kind.schema_.is_open:
            continue
        for key in linked.keys(kind):
            name = _key_name(kind, key)
            yield InputColumn(name, Place(kind, key), None)
            for slot in kind.schema_.slots:
                yield InputColumn(f"{name}{SEPARATOR}{slot}", Place(kind, key), slot)


# --- what comes out ----------------------------------------------------------------------------------------------------


def _conclusions(program: Program) -> Iterator[OutputColumn]:
    can_be_provisional = provisional(program)
    for numbers in _by_key(program):
        facts = [program.facts[number] for number in numbers]
        apart = [name for name in type(facts[0]).model_fields if len({fact.__dict__[name] for fact in facts}) > 1]
        for number, fact in zip(numbers, facts, strict=True):
            differing = [f"{name}_{_said(fact.__dict__[name])}" for name in apart if fact.__dict__[name] is not None]
            name = SEPARATOR.join([_key_name(type(fact), _key(fact)), *map(_slug, differing)])
            yield OutputColumn(name, "result", Derived(number), to_data(fact))
            if number in can_be_provisional:
                yield OutputColumn(f"{name}{SEPARATOR}firm", "firm", Derived(number), to_data(fact))


def _constraints(program: Program) -> Iterator[OutputColumn]:
    bodies: dict[str, list[Node]] = {constraint.name: [] for constraint in program.linked.constraints}
    for instance in program.constraints:
        bodies[instance.constraint.name].append(instance.body)
    for name, of in bodies.items():
        yield OutputColumn(f"conflict{SEPARATOR}{_slug(name)}", "result", _some(of), {"constraint": name})


def _contradictions(program: Program) -> Iterator[OutputColumn]:
    for numbers in _by_key(program):
        pairs = [(a, b) for a, b in combinations(numbers, 2) if _contradict(program.facts[a], program.facts[b])]
        if pairs:
            fact = program.facts[numbers[0]]
            node = _some([Every((Derived(a), Derived(b))) for a, b in pairs])
            about = {name: value for name, value in to_data(fact).items() if name in ("type", *fact.schema_.keys)}
            yield OutputColumn(
                f"conflict{SEPARATOR}{_key_name(type(fact), _key(fact))}", "result", node, {"contradiction": about}
            )


def _by_key(program: Program) -> Iterable[list[int]]:
    """The propositions, those with one type and key together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, fact in enumerate(program.facts):
        groups.setdefault((type(fact), *_key(fact)), []).append(number)
    return groups.values()


def _contradict(one: Fact, other: Fact) -> bool:
    pairs = ((one.__dict__[name], other.__dict__[name]) for name in type(one).model_fields)
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _some(of: Sequence[Node]) -> Node:
    return Some(tuple(of)) if of else Known(FALSE)


# --- names -------------------------------------------------------------------------------------------------------------


def _key(fact: Fact) -> tuple[Any, ...]:
    return tuple(fact.__dict__[name] for name in fact.schema_.keys)


def _key_name(kind: type[Fact], key: Sequence[Any]) -> str:
    said = list(key)
    while said and said[-1] is None:
        said.pop()
    return SEPARATOR.join([_slug(kind.tag()), *(_slug(_said(part)) for part in said)])


def _said(value: object) -> str:
    return "none" if value is None else str(value.value if isinstance(value, enum.Enum) else value)


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text).strip("_").lower()


def _distinct(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    seen: dict[str, Any] = {}
    for column in columns:
        other = seen.setdefault(column.name, column)
        if other is not column:
            raise TableError(f"two things would both be the column {column.name!r}: rename one of their ids", column=column.name)
    return columns
