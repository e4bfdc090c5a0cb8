"""Write a result as JSON text from cached pieces: the text of a conclusion in one state is made once for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from .explain.unknowns import Unknown
from .facts.base import Fact, to_data
from .facts.types import Caution, Finding, Recommendation, Referral
from .ground.evaluate import Baseline
from .ground.program import Program
from .ground.states import BITS, State
from .ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

MOST_KEPT: Final = 20_000
"""The cache holds so many texts besides one for each conclusion, and so many lists of unknowns."""

SECTIONS: Final[dict[str, type[Fact]]] = {
    "findings": Finding,
    "recommendations": Recommendation,
    "cautions": Caution,
    "referrals": Referral,
}


class Shown(NamedTuple):
    """A presented conclusion: compatible conclusions of one key, merged, with all their supports."""

    fact: Fact
    numbers: tuple[int, ...]


class ResultTexts:
    """The cached pieces for one program."""

    def __init__(self, program: Program) -> None:
        self._facts = program.facts
        self._baseline = program.once(Baseline)
        self._sections = [(name, program.of_type.get(kind, frozenset[int]())) for name, kind in SECTIONS.items()]
        self._others = frozenset(n for n, fact in enumerate(program.facts) if not isinstance(fact, tuple(SECTIONS.values())))
        self._conclusions: list[dict[State, str]] = [{} for _ in program.facts]
        self._together: dict[tuple[int, ...], dict[State, str]] = {}
        self._unknown = [_dumps(Unknown(*place, slot).to_data()) for place, slot in self._baseline.unknowns]
        self._lists: dict[State, str] = {}
        self._room = MOST_KEPT

    def whole(self, shown: Sequence[tuple[Shown, State]], states: Sequence[State], conflicts: str, quantities: str) -> str:
        """The text of a result with these conflicts and quantities.

        It is joined once, because copying a long text costs more than finding its pieces.
        """
        pieces = self._undecided(states) or [""]
        measured = "" if quantities == "[]" else f'"quantities": {quantities}, '
        pieces[0] = f'{{{self._concluded(shown)}, {measured}"conflicts": {conflicts}, "undecided": [{pieces[0]}'
        pieces[-1] += "]}"
        return ", ".join(pieces)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _concluded(self, shown: Iterable[tuple[Shown, State]]) -> str:
        """The sections of the conclusions."""
        texts = [(one.numbers[0], self._text(one, state)) for one, state in shown]
        parts = [
            f'"{name}": [{", ".join([text for number, text in texts if number in those]) if those else ""}]'
            for name, those in self._sections
        ]
        others = self._others and [text for number, text in texts if number in self._others]
        if others:
            parts.append(f'"others": [{", ".join(others)}]')
        return ", ".join(parts)

    def _undecided(self, states: Sequence[State]) -> list[str]:
        """Each conclusion that is still possible."""
        open_ = ESTABLISHED | POSSIBLE
        return [
            text if state is usual else self._text(Shown(self._facts[number], (number,)), state)
            for number, (state, (usual, text)) in enumerate(zip(states, self._usual, strict=True))
            if state & open_ == POSSIBLE
        ]

    @cached_property
    def _usual(self) -> list[tuple[State, str]]:
        """The state of each conclusion in the empty case, which most conclusions keep in other cases, and its text."""
        states = [self._baseline.registers[register] for register in self._baseline.plan.propositions]
        return [(state, self._text(Shown(self._facts[n], (n,)), state) if state else "") for n, state in enumerate(states)]

    def _text(self, shown: Shown, state: State) -> str:
        first, *others = shown.numbers
        kept = self._together.setdefault(shown.numbers, {}) if others else self._conclusions[first]
        text = kept.get(state)
        if text is None:
            text = self._written(shown.fact, state)
            if not (kept or others):
                kept[state] = text
            elif self._room > 0:
                self._room -= 1
                kept[state] = text
        return text

    def _written(self, fact: Fact, state: State) -> str:
        data = to_data(fact)
        if not state & ESTABLISHED:
            return f'{_dumps(data)[:-1]}, "needs": [{self._unknowns(state)}]}}'
        if type(fact) in SECTIONS.values():
            del data["type"]  # the section implies it
        firm = _dumps({**data, "firm": bool(state & CERTAIN)})
        return firm if state & CERTAIN else f'{firm[:-1]}, "rests_on": [{self._unknowns(state)}]}}'

    def _unknowns(self, state: State) -> str:
        """The unknowns of a state, without the brackets."""
        rest = state & ~BITS
        text = self._lists.get(rest)
        if text is None:
            text = ", ".join([self._unknown[number] for number in self._baseline.rests_on(rest)])
            if len(self._lists) < MOST_KEPT:
                self._lists[rest] = text
        return text


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
