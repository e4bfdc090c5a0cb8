"""The engines that come with the library, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..facts.base import Fact
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from .native import Native
from .outcome import Engine, Outcome
from .reference import evaluate


class Reference:
    """The reference engine: premises interpreted as they are written, all three sets at once."""

    def run(self, program: Program, facts: Mapping[Place, Fact]) -> Outcome:
        bits = {program.numbers[fact]: bits for fact, bits in evaluate(program.linked, tuple(facts.values())).items()}
        return Outcome(program, facts, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits)


ENGINES: Final[Mapping[str, Engine]] = MappingProxyType({"native": Native(), "reference": Reference()})
