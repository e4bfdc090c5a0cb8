"""Decision tables as packs: each row is a rule, each column a term, a field of a fact, or a part of a conclusion.

Hit policies: U, no two rows may apply to one patient; A, rows that do must conclude the same; C, every row that applies
concludes; F and P, a row takes back those after it, or those of lower priority. All are proved or expressed by rules, so
the order of facts and rules still does not matter. R and O are refused: they are about the order of results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from ..errors import PackLoadError, PremiseError, did_you_mean, shown
from ..facts.base import Fact
from ..ir.expressions import ORDERED
from ..ir.serialize import constant_to_data
from .cells import ANY, Allowed, meet, plain_value, premise_of, read_cell
from .names import Names
from .values import value_from_data

POLICIES: Final[Mapping[str, str]] = {
    "U": "U", "UNIQUE": "U", "A": "A", "ANY": "A", "C": "C", "COLLECT": "C", "F": "F", "FIRST": "F", "P": "P", "PRIORITY": "P"
}  # fmt: skip
_BY_ORDER: Final = ("R", "O", "RULE ORDER", "OUTPUT ORDER")
_COLUMN: Final = re.compile(r"(?P<type>\w+)(?:\((?P<key>[\w ,.-]+)\))?\.(?P<field>\w+)", re.ASCII)
YES: Final = ("yes", "y", "true", "present", "x")
NO: Final = ("no", "n", "false", "absent")
UNKNOWN: Final = ("unknown", "?")


@dataclass(frozen=True)
class Row:
    """One row as it was written, with its number in the sheet."""

    number: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    id: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A decision table as text: the headings of its columns, and its rows. Errors name `file` and `sheet`."""

    id: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    file: str
    sheet: str = ""
    head: int = 0
    """The row of the headings; 0 for a form that has none, as DMN."""
    priorities: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """For hit policy P: the values of an output, the most important first."""

    def place(self, row: Row | int, column: str = "") -> str:
        """Where something stands: file, sheet, row and column."""
        number = row if isinstance(row, int) else row.number
        sheet = f", sheet {self.sheet!r}" if self.sheet else ""
        at = f", row {number}" if number else ""
        return f"{self.file}{sheet}{at}" + (f", column {column!r}" if column else "")


def rules_of(table: Table, pack: str, names: Names) -> list[dict[str, Any]]:
    """The rules of a table, in the form of packs as data. Raises `PackLoadError` with the sheet, the row and the column."""
    policy = _policy(table)
    columns = [_Column(table, heading, names) for heading in table.inputs]
    sets = [[column.cell(row, text) for column, text in zip(columns, row.inputs, strict=True)] for row in table.rows]
    if policy in "UA":
        _check_apart(table, policy, sets)
    ids = [row.id or f"{table.id}-{row.number}" for row in table.rows]
    rules: list[dict[str, Any]] = []
    for at, row in enumerate(table.rows):
        premises = [premise for column, one in zip(columns, sets[at], strict=True) for premise in column.premises(one)]
        used = [column for column, one in zip(columns, sets[at], strict=True) if one is not None]
        if not premises:
            premises, used = _always(columns)
        for_each = dict(column.variable for column in used if column.variable is not None)
        rule: dict[str, Any] = {"id": ids[at], "for_each": for_each} if for_each else {"id": ids[at]}
        rule |= {"when": premises[0] if len(premises) == 1 else {"all_of": premises}, "then": _conclusions(table, row, names)}
        if row.source:
            rule["source"] = [one.strip() for one in re.split(r"[,;]", row.source)]
        if row.note:
            rule["note"] = row.note
        beaten = _beaten(table, policy, at)
        if beaten:
            rule["overrides"] = [f"{pack}:{ids[other]}" for other in beaten]
        rules.append(rule)
    return rules


class _Column:
    """An input column: a term, or a field of a fact."""

    def __init__(self, table: Table, heading: str, names: Names) -> None:
        self._table, self._heading, self._names = table, heading, names
        self.variable: tuple[str, Any] | None = None
        vocabularies = names.vocabularies(heading)
        if vocabularies:
            self._term: str | None = heading
            self._vocabulary = vocabularies[0]
            return
        self._term = None
        found = _COLUMN.fullmatch(heading)
        kind = names.fact_types.get(found["type"]) if found else None
        if found is None or kind is None or found["field"] not in kind.schema_.fields:
            known = [id for _, id in names.terms] + [
                f"{tag}.{name}" for tag, one in names.fact_types.items() for name in one.schema_.fields
            ]
            hint = did_you_mean(heading, known) or (
                "; declare it above the table, as in 'symptom,id,label', or name its pack in a row 'requires'"
            )
            _refuse(f"{table.place(table.head)}: {shown(heading)} is no term and no field{hint}", table, table.head, heading)
        self._kind, self._field = kind, found["field"]
        self._is_ordered = issubclass(kind.schema_.fields[self._field].base, ORDERED)
        pattern: Any = kind.tag()
        name = kind.tag()
        if found["key"]:
            said = [part.strip() for part in found["key"].split(",")]
            pattern = {"type": kind.tag(), **dict(zip(kind.schema_.keys, map(plain_value, said), strict=False))}
            name = "_".join([kind.tag(), *(re.sub(r"\W", "_", one) for one in said)])
        self.variable = (name, pattern)

    def cell(self, row: Row, text: str) -> Any:
        """What a cell allows; None for anything."""
        place = self._table.place(row, self._heading)
        try:
            if self._term is not None:
                return _answer(text, place)
            allowed = read_cell(text, self._is_ordered, self._value(place), place)
            if allowed == ():
                raise PremiseError(f"{place}: no value meets {shown(text)}; write - for any value", place=place)
            return allowed
        except PremiseError as error:
            _refuse(error.message, self._table, row.number, self._heading)

    def _value(self, place: str) -> Any:
        def read(text: str) -> tuple[Any, Any]:
            word = text.strip()
            number = self._names.parameters.get(word) if self._is_ordered else None
            if number is not None:
                return number.default, {"parameter": word}
            try:
                value = value_from_data(self._kind, self._field, plain_value(word), place)
            except Exception as error:
                raise PremiseError(str(error), place=place) from None
            return value, constant_to_data(value)

        return read

    def premises(self, allowed: Any) -> list[Any]:
        """The premise of a cell, or none."""
        if allowed is None:
            return []
        if self._term is None:
            assert self.variable is not None
            return [premise_of(allowed, {"field": f"{self.variable[0]}.{self._field}"})]
        term: Any = {self._vocabulary: self._term}
        if allowed == "yes":
            return [term]
        if allowed == "unknown":
            return [{"is_unknown": term}]
        return [{"absent": self._term} if self._vocabulary == "symptom" else {"not": term}]

    @property
    def always(self) -> Any:
        """A premise that every patient meets who has the fact of this column, whatever is known."""
        if self.variable is not None:
            return {"matches": self.variable[0]}
        term = {self._vocabulary: self._term}
        return {"any_of": [{"is_known": term}, {"is_unknown": term}]}


def _answer(text: str, place: str) -> str | None:
    word = text.strip().lower().strip('"')
    if word in ANY:
        return None
    for said, words in (("yes", YES), ("no", NO), ("unknown", UNKNOWN)):
        if word in words:
            return said
    known = [one for words in (YES, NO, UNKNOWN) for one in words]
    raise PremiseError(
        f"{place}: {shown(text)} is no answer{did_you_mean(word, known)}; write yes, no, unknown or -", place=place
    )


def _always(columns: Sequence[_Column]) -> tuple[list[Any], list[_Column]]:
    """For a row without a test: the facts that its fields belong to are there; or nothing is asked."""
    with_facts = list({column.variable[0]: column for column in columns if column.variable is not None}.values())
    return ([column.always for column in with_facts], with_facts) if with_facts else ([columns[0].always], [])


def _policy(table: Table) -> str:
    policy = POLICIES.get(table.policy.strip().upper() or "U")
    if policy is None:
        why = ": it is about the order of results, and here order never matters" if table.policy.upper() in _BY_ORDER else ""
        _refuse(
            f"{table.place(table.head)}: hit policy {shown(table.policy)} is not read{why}; use U, A, C, F or P",
            table,
            table.head,
            "",
        )
    return policy


def _check_apart(table: Table, policy: str, sets: Sequence[Sequence[Any]]) -> None:
    """Refuse two rows that apply to one patient; under A, only if they conclude different things."""
    for at, met in enumerate(_rows_met(table, sets)):
        row = table.rows[at]
        for other in _bits(met & ((1 << at) - 1)):
            earlier = table.rows[other]
            if policy == "A" and row.outputs == earlier.outputs:
                continue
            must = "only one row may apply" if policy == "U" else "rows that apply together conclude the same"
            _refuse(
                f"{table.place(row)}: it and row {earlier.number} apply to the same patients, and under hit policy {policy} "
                f"{must}; narrow one of them, or use hit policy F",
                table, row.number, "",
            )  # fmt: skip


def _rows_met(table: Table, sets: Sequence[Sequence[Any]]) -> list[int]:
    """For each row, a bit for each row that can apply to the same patient. Cells that are alike are compared once."""
    met = [-1] * len(table.rows)
    for column in range(len(table.inputs)):
        having: dict[str, int] = {}
        allowed: dict[str, Any] = {}
        for at, row in enumerate(table.rows):
            having[row.inputs[column]] = having.get(row.inputs[column], 0) | 1 << at
            allowed[row.inputs[column]] = sets[at][column]
        meeting = {
            text: sum(rows for other, rows in having.items() if _meet(one, allowed[other])) for text, one in allowed.items()
        }
        for at, row in enumerate(table.rows):
            met[at] &= meeting[row.inputs[column]]
    return met


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _meet(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one is None or other is None or one == other
    allowed: tuple[Allowed | None, Allowed | None] = (one, other)
    return meet(*allowed)


def _beaten(table: Table, policy: str, at: int) -> Iterator[int] | list[int]:
    """The rows that a row takes back."""
    if policy == "F":
        return list(range(at + 1, len(table.rows)))
    if policy == "P":
        mine = _priority(table, table.rows[at])
        return [other for other, row in enumerate(table.rows) if _priority(table, row) > mine]
    return []


def _priority(table: Table, row: Row) -> tuple[int, ...]:
    ranks = []
    for heading, text in zip(table.outputs, row.outputs, strict=True):
        order = [one.strip() for one in table.priorities.get(heading, ())]
        if order:
            if text.strip() not in order:
                _refuse(
                    f"{table.place(row, heading)}: {shown(text)} is not in the list of priorities", table, row.number, heading
                )
            ranks.append(order.index(text.strip()))
    if not ranks:
        _refuse(
            f"{table.place(table.head)}: hit policy P needs the values of an output in the order of their priority",
            table,
            table.head,
            "",
        )
    return tuple(ranks)


def _conclusions(table: Table, row: Row, names: Names) -> Any:
    """What a row concludes: `finding` heads a conclusion, `finding.strength` is a field of it."""
    heads: dict[str, dict[str, Any]] = {}
    for heading, text in zip(table.outputs, row.outputs, strict=True):
        tag, _, name = heading.partition(".")
        kind = names.fact_types.get(tag)
        if kind is None:
            _refuse(
                f"{table.place(table.head, heading)}: {shown(tag)} is no fact type{did_you_mean(tag, names.fact_types)}",
                table,
                table.head,
                heading,
            )
        if text.strip() in ANY:
            continue
        name = name or (kind.schema_.keys[0] if kind.schema_.keys else "")
        heads.setdefault(tag, {"type": tag})[name] = _output(kind, name, text)
    if not heads:
        _refuse(f"{table.place(row)}: the row concludes nothing; fill one of {', '.join(table.outputs)}", table, row.number, "")
    said = list(heads.values())
    return said[0] if len(said) == 1 else said


def _output(kind: type[Fact], name: str, text: str) -> Any:
    value = plain_value(text)
    field = kind.schema_.fields.get(name)
    return text.strip() if field is not None and field.base is str and not isinstance(value, str) else value


def _refuse(message: str, table: Table, row: int, column: str) -> NoReturn:
    raise PackLoadError(message, place="", file=table.file, sheet=table.sheet, row=row, column=column)
