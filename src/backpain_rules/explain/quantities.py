"""The quantities of a case: the bounds of each, its parts, and its unknowns.

They are computed on request from the evaluation of the case; engines do not store them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple

from ..draw.tree import Line, draw
from ..facts.base import Fact, exact
from ..ground.evaluate import Evaluation
from ..ground.grounding import Grounder
from ..ground.nodes import Node
from ..ground.program import Program
from ..ground.totals import Total
from ..ir.bits import CERTAIN, POSSIBLE
from ..ir.exact import as_fraction
from ..ir.expressions import Constant, spoken
from ..ir.quantities import Quantity, linear
from ..link.quantities import range_of
from .derivation import MARKS, PremiseState
from .explainer import Explainer
from .unknowns import Unknown, bearing_on, say_unknowns


class Part(NamedTuple):
    """A premise that a quantity counts, with its points and its state."""

    points: int | Fraction
    premise: PremiseState


@dataclass(frozen=True)
class QuantityValue:
    """A quantity in a case: whatever the answers to open questions, it lies between `low` and `high`.

    `value` is the number if the two are equal. `unknown` lists its unknowns, `least` and `most` are its bounds over all cases,
    and `parts` are the premises it counts. Numbers are exact: `int` or `Fraction`.
    """

    id: str
    label: str
    unit: str | None
    low: int | Fraction
    high: int | Fraction
    least: int | Fraction
    most: int | Fraction
    unknown: tuple[Unknown, ...]
    parts: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def value(self) -> int | Fraction | None:
        """The number, if no unknown can change it; else None."""
        return self.low if self.low == self.high else None

    def __str__(self) -> str:
        """Its value and range on one line, followed by each premise that holds or may hold, with its points."""
        shown = [part for part in self.parts if part.premise.state != "false"]
        below = tuple(Line(f"{spoken(part.points)}: {part.premise.text}", mark=MARKS[part.premise.state]) for part in shown)
        missing = (f"not known: {say_unknowns(self.unknown)}",) if self.unknown else ()
        return "\n".join(draw(Line(f"{self.label}: {self.summary}", missing, below), None))

    @property
    def summary(self) -> str:
        """The value and its maximum: `5 of 9`, `5 to 7 of 9`, `40 % of 100`."""
        said = spoken(self.low) if self.low == self.high else f"{spoken(self.low)} to {spoken(self.high)}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{said}{unit} of {spoken(self.most)}" if self.least == 0 else f"{said}{unit}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data; a number that is not whole is rounded to a JSON number."""
        data: dict[str, Any] = {"id": self.id, "label": self.label}
        if self.unit is not None:
            data["unit"] = self.unit
        if self.value is not None:
            data["value"] = _json(self.value)
        data |= {"low": _json(self.low), "high": _json(self.high)}
        return {**data, "unknown": [unknown.to_data() for unknown in self.unknown]} if self.unknown else data


def quantities_of(evaluation: Evaluation) -> Mapping[str, QuantityValue]:
    """The quantities of a case by their ids."""
    program = evaluation.program
    if not program.linked.quantities:
        return {}
    closed: dict[type[Fact], list[Fact]] = {}
    for fact in sorted((one for one in evaluation.stated.values() if not one.schema_.is_open), key=exact):
        closed.setdefault(type(fact), []).append(fact)
    measured = _measured(program, closed) if closed else program.once(_measured_without)
    whole = evaluation if measured.program is program else Evaluation(measured.program, evaluation.stated)
    return {one.quantity.id: _value(one, whole, Explainer(whole)) for one in measured.quantities}


class _Ground(NamedTuple):
    """A quantity grounded for a program: its total, and each premise it counts, as written."""

    quantity: Quantity
    total: Total
    members: tuple[tuple[Fraction, Node], ...]


class _Measured(NamedTuple):
    """The grounded quantities of a program. `program` also has the atoms that only quantities read."""

    program: Program
    quantities: tuple[_Ground, ...]


def _measured_without(program: Program) -> _Measured:
    return _measured(program, {})


def _measured(program: Program, closed: Mapping[type[Fact], Sequence[Fact]]) -> _Measured:
    grounder = Grounder(program.linked, closed)
    grounder.atoms.update(program.atom_numbers)
    for fact in program.facts:
        grounder.add_fact(fact)
    found: list[_Ground] = []
    for quantity in program.linked.quantities.values():
        members = [
            (factor * as_fraction(points.value), grounder.node(member, {}))
            for factor, score in linear(quantity.of).scores
            for points, member in score.members
            if isinstance(points, Constant)
        ]
        found.append(_Ground(quantity, grounder.total(quantity, {}), tuple(members)))
    is_enough = len(grounder.atoms) == len(program.atoms)
    return _Measured(program if is_enough else replace(program, atoms=tuple(grounder.atoms)), tuple(found))


def _value(one: _Ground, evaluation: Evaluation, explainer: Explainer) -> QuantityValue:
    bits = [(points, evaluation.node(node)) for points, node in one.total.of]
    low = one.total.constant + sum(points for points, here in bits if here & CERTAIN)
    high = one.total.constant + sum(points for points, here in bits if here & POSSIBLE)
    least, most = range_of(linear(one.quantity.of))
    return QuantityValue(
        id=one.quantity.id,
        label=one.quantity.label,
        unit=one.quantity.unit,
        low=_number(low),
        high=_number(high),
        least=_number(least),
        most=_number(most),
        unknown=bearing_on(evaluation, [node for _, node in one.total.of]),
        parts=tuple(Part(_number(points), explainer.state_of(node)) for points, node in one.members),
    )


def _number(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


def _json(value: int | Fraction) -> int | float:
    return value if isinstance(value, int) else float(value)
