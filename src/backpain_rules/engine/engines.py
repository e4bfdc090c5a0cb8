"""The engines that come with the library, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from .case import read_case
from .native import Native
from .outcome import Engine, Outcome
from .reference import evaluate


class Reference:
    """The reference engine: premises interpreted as they are written, all three sets at once."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def run(self, facts: Iterable[Fact]) -> Outcome:
        case = read_case(self.program.linked, facts)
        once = tuple(case.values())
        program = with_closed(self.program, [fact for fact in once if not fact.schema_.is_open])
        bits = {program.numbers[fact]: bits for fact, bits in evaluate(program.linked, once).items()}
        return Outcome(program, once, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits)


ENGINES: Final[Mapping[str, type[Engine]]] = MappingProxyType({"native": Native, "reference": Reference})
