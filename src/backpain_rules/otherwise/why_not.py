"""Why a conclusion is absent: the rules that could give it, the nearest miss first, and the changes that would add it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..deadline import Deadline
from ..draw.html import html_items
from ..draw.markdown import markdown_items
from ..draw.style import STYLE
from ..draw.tree import Line, draw
from ..engine.outcome import Outcome
from ..errors import FactError
from ..explain.derivation import STATES as MEANINGS
from ..explain.derivation import PremiseState, State, Support, rule_lines
from ..explain.explainer import Explainer
from ..explain.unknowns import Unknown
from ..explain.wording import IDS, Wording
from ..explain.words import say_fact
from ..facts.base import Fact
from .asked import Conclusion, asked_for
from .edit import Edit
from .smallest import Found, Run, Smallest, within

DEEPEST = 8
"""The depth of the tree, in rules, below a premise that is not concluded."""
NEAREST = 3
"""How many rules are shown for a premise that is not concluded; the nearest misses."""
MISSED: tuple[State, ...] = ("false", "unknown")


@dataclass(frozen=True)
class WhyNot:
    """Why something is not concluded: each rule instance that could give it, with the state of its premises.

    The nearest miss comes first. If rules could conclude a missing premise, its `parts` hold them. `elsewhere` lists the rules
    that need facts of closed types that this case does not state. With neither, it can never be concluded.

    The properties from `changes` on run a search on first access, and raise `MissingExtraError` if the extra `[prove]` is not
    installed. Everything else needs no extra.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, all_of, condition, symptom
    >>> COLD, WET = symptom("cold", "Cold", ask="Are you cold?"), symptom("wet", "Wet", ask="Are you wet?")
    >>> CHILL = condition("chill", "Chill")
    >>> rule = Rule("chill", when=all_of(COLD, WET), then=CHILL.finding())
    >>> result = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule])]).assess([COLD.present, WET.absent])
    >>> print(result.why_not(CHILL))
    chill is not concluded
    └─ rule demo:chill: 1 fact away
       ├─ + cold  <- stated
       └─ - wet  <- no wet
    >>> print(*result.why_not("chill").changes)
    no wet -> wet
    """

    asked: str
    rules: tuple[Support, ...]
    elsewhere: tuple[str, ...] = ()
    _search: Callable[[Deadline], Smallest] | None = field(default=None, repr=False, compare=False)
    _seconds: float | None = field(default=None, repr=False, compare=False)

    # --- what would bring it about --------------------------------------------------------------------------------------

    @property
    def changes(self) -> tuple[Edit, ...]:
        """The smallest sets of changes that add the conclusion, at most five. `edit.of(result.facts)` is the changed case.

        Size counts facts. Within a fact, as many values as possible stay, and the others move as little as possible. No change
        breaks a constraint that holds now. Facts of closed types stay unchanged. Empty if no change helps or, if `sampled` names
        slots, if the values that were tried do not help.
        """
        return self._changes.sets

    @property
    def to_ask(self) -> tuple[tuple[Unknown, ...], ...]:
        """The smallest sets of unknowns whose answers can add the conclusion, at most five. Stated facts do not change.

        Empty if no answers can or, if `sampled` names slots, if the values that were tried cannot.
        """
        return tuple(unknowns for unknowns, _ in self._answers.sets)

    @property
    def answers(self) -> tuple[Edit, ...]:
        """For each set in `to_ask`, in the same order, answers that add the conclusion."""
        return tuple(edit for _, edit in self._answers.sets)

    @property
    def has_more(self) -> bool:
        """Whether there are further sets of changes, or of unknowns, of the same size."""
        return self._changes.more or self._answers.more

    @property
    def sampled(self) -> tuple[str, ...]:
        """The slots for which only some values were tried, so other or smaller sets may exist."""
        return self._changes.sampled

    @property
    def complete(self) -> bool:
        """Whether the searches for `changes` and `to_ask` finished; if not, further sets may exist."""
        return self._changes.complete and self._answers.complete

    @cached_property
    def _changes(self) -> Found[Edit]:
        return Found() if self._search is None else within(self._search, self._seconds, Smallest.changes)

    @cached_property
    def _answers(self) -> Found[tuple[tuple[Unknown, ...], Edit]]:
        return Found() if self._search is None else within(self._search, self._seconds, Smallest.answers)

    # --- shown ----------------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        """The tree as text, without the `changes`."""
        return "\n".join(draw(self.as_lines(), None))

    def _repr_html_(self) -> str:
        return f'<style>{STYLE}</style>\n<div class="bp"><ul>{html_items([self.as_lines()], MEANINGS)}</ul></div>\n'

    def to_markdown(self) -> str:
        """The tree as a nested list."""
        return "\n".join(markdown_items(self.as_lines())) + "\n"

    def to_data(self) -> dict[str, Any]:
        """The tree as JSON data."""
        data: dict[str, Any] = {"asked": self.asked, "rules": [rule.to_data() for rule in self.rules]}
        return {**data, "elsewhere": list(self.elsewhere)} if self.elsewhere else data

    def as_lines(self, wording: Wording = IDS) -> Line:
        """The tree as nested lines of text."""
        say = wording.say
        said = {wording.title(rule.fact) for rule in self.rules}
        text = say("{} is not concluded", *(said if len(said) == 1 else (self.asked,)))
        below = [rule_lines(rule, self._heading(rule, wording), set(), wording) for rule in self.rules]
        below += [Line(say("rule {}: this case states no fact of the kind it reads", name)) for name in self.elsewhere]
        never = say("no rule of the loaded packs concludes it, so it can never be concluded")
        return Line(text, (), tuple(below or [Line(never)]))

    def _heading(self, rule: Support, wording: Wording) -> str:
        say = wording.say
        named = say("rule {}", rule.rule)
        if len({other.fact for other in self.rules}) > 1:
            named = say("{}, which gives {}", named, wording.title(rule.fact))
        match rule.away:
            case None:
                return say("{}: {}", named, say("no change of a fact makes it fire"))
            case 1:
                return say("{}: {}", named, say("1 fact away"))
            case many:
                return say("{}: {}", named, say("{} facts away", many))


def why_not(outcome: Outcome, run: Run, explainer: Explainer, conclusion: Conclusion, seconds: float | None = None) -> WhyNot:
    """Explain why this is not concluded. `seconds` limits each search for changes.

    Raises a `FactError` if it is concluded, or if no rule could ever conclude it.
    """
    program = outcome.program
    asked = asked_for(program.linked, conclusion)
    numbers = asked.numbers(program)
    established = frozenset(outcome.established)
    there = [number for number in numbers if number in established]
    if there:
        raise _is_concluded(asked.text, [program.facts[n] for n in there], [program.facts[n] for n in numbers if n not in there])
    rules = _opened(explainer, explainer.misses(numbers), {program.facts[number] for number in numbers}, DEEPEST)
    grounded = {support.rule for support in rules}
    elsewhere = tuple(n for n in asked.rules(program.linked) if n not in grounded) if program.reads_closed else ()
    Deadline.after(seconds)  # refuse a bad number now, not when the changes are read

    def search(deadline: Deadline) -> Smallest:
        return Smallest(outcome, run, numbers, deadline=deadline)

    return WhyNot(asked.text, rules, elsewhere, search if numbers else None, seconds)


def _is_concluded(asked: str, there: Sequence[Fact], others: Sequence[Fact]) -> FactError:
    said = "; ".join(map(say_fact, there))
    hint = f"; not concluded, to be asked for by itself: {'; '.join(map(say_fact, others))}" if others else ""
    return FactError(
        f"{asked!r} is concluded ({said}): result.why(fact) says why{hint}", facts=tuple(there), others=tuple(others)
    )


def _opened(explainer: Explainer, rules: Iterable[Support], seen: set[Fact], deep: int) -> tuple[Support, ...]:
    """The rules, with the rules below each missing premise; each conclusion is expanded once."""
    return tuple(
        replace(rule, premises=tuple(_open(explainer, premise, seen, deep) for premise in rule.premises)) for rule in rules
    )


def _open(explainer: Explainer, premise: PremiseState, seen: set[Fact], deep: int) -> PremiseState:
    if premise.parts:
        return replace(premise, parts=tuple(_open(explainer, part, seen, deep) for part in premise.parts))
    fact = premise.asks
    if premise.state not in MISSED or not isinstance(fact, Fact) or fact in seen or not deep:
        return premise
    seen.add(fact)
    misses = explainer.misses((explainer.program.numbers[fact],))
    parts = [_as_part(rule) for rule in _opened(explainer, misses[:NEAREST], seen, deep - 1)]
    if len(misses) > NEAREST:
        parts.append(PremiseState(f"{len(misses) - NEAREST} more that could give it, none nearer", "false"))
    return replace(premise, parts=tuple(parts))


def _as_part(rule: Support) -> PremiseState:
    state: State = "false" if any(premise.state == "false" for premise in rule.premises) else "unknown"
    return PremiseState(f"rule {rule.rule}", state, parts=rule.premises)
