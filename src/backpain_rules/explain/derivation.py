"""A derivation: why a conclusion holds, as a tree of rules, premises, parameters and sources down to the stated facts.

The text has one premise a line: `+` holds, `~` holds by default, `?` is unknown, `-` does not hold. The stated facts behind it
follow the arrow. A derivation that was already printed is not repeated: "as above".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal, TypeAlias

from ..draw.graph import Node
from ..draw.html import html_items
from ..draw.markdown import markdown_items
from ..draw.picture import Painter, Picture
from ..draw.style import STYLE
from ..draw.tree import Line, draw
from ..errors import printable
from ..facts.base import Fact, canonical, to_data
from ..ground.nodes import Atom
from ..ir.conclusions import spoken
from ..ir.expressions import Premise
from ..link.model import LinkedExtension, Override
from ..source import Statement
from .unknowns import Unknown
from .wording import IDS, Wording

State: TypeAlias = Literal["true", "by default", "unknown", "false"]
MARKS: dict[State, str] = {"true": "+", "by default": "~", "unknown": "?", "false": "-"}
STATES = {"+": "holds", "~": "holds by default", "?": "is unknown", "-": "does not hold"}


@dataclass(frozen=True)
class PremiseState:
    """One premise of a rule in a case: its text, its state, and the facts behind it.

    `asks` is the object behind `text`, for other wordings: the atom or the fact, the premise as its author wrote it, or the
    override that must not happen. Equality ignores it.
    `tally` is set for a count: how many points hold, and of how many.
    """

    text: str
    state: State
    asks: Atom | Premise | Fact | Override | None = field(default=None, repr=False, compare=False)
    stated: tuple[Fact, ...] = ()
    derivation: Derivation | None = field(default=None, repr=False)
    parts: tuple[PremiseState, ...] = ()
    rests_on: tuple[Unknown, ...] = ()
    tally: tuple[int, int] | None = None

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        data: dict[str, Any] = {"premise": self.text, "state": self.state}
        if self.tally is not None:
            data["points"], data["of"] = self.tally
        if self.stated:
            data["facts"] = [to_data(fact) for fact in self.stated]
        if self.derivation is not None:
            data["concluded"] = to_data(self.derivation.fact)
        if self.parts:
            data["parts"] = [part.to_data() for part in self.parts]
        if self.rests_on:
            data["rests_on"] = [unknown.to_data() for unknown in self.rests_on]
        return data


@dataclass(frozen=True)
class Support:
    """One rule that gives a conclusion, or could give it: the state of its premises, its parameters and its sources.

    `fact` is the conclusion of this rule; it may be one part of a merged conclusion. `note` is the author's note, `extended` the
    signs that packs added to the sign sets it counts, `replaces` the name of the rule it replaced. `overrode` lists the rules
    that it overrides here, each with its conclusion. `away` is how many facts would have to change for it to fire, counted
    premise by premise: 0 for a rule that fires, None if no change of a fact helps.
    """

    fact: Fact
    rule: str
    text: str
    firm: bool
    premises: tuple[PremiseState, ...]
    parameters: tuple[tuple[str, object], ...]
    sources: tuple[Statement, ...]
    note: str | None = None
    extended: tuple[LinkedExtension, ...] = ()
    replaces: str | None = None
    overrode: tuple[tuple[str, tuple[Fact, ...]], ...] = ()
    away: int | None = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Further information about the rule, beside its premises, in ids."""
        return tuple(_notes(self, IDS))

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        data = {
            "fact": to_data(self.fact),
            "rule": self.rule,
            "text": self.text,
            "firm": self.firm,
            "premises": [premise.to_data() for premise in self.premises],
            "parameters": {name: spoken(value) for name, value in self.parameters},
            "sources": [statement.cite for statement in self.sources],
            "notes": list(self.notes),
        }
        if self.overrode:
            data["overrode"] = [{"rule": rule, "facts": [to_data(fact) for fact in facts]} for rule, facts in self.overrode]
        return data if self.away == 0 else {**data, "away": self.away}


@dataclass(frozen=True)
class Derivation:
    """Why a conclusion holds: every rule that supports it, the shallowest first."""

    fact: Fact
    firm: bool
    rests_on: tuple[Unknown, ...]
    supports: tuple[Support, ...]

    def __str__(self) -> str:
        """The tree as text."""
        return show(self)

    def _repr_html_(self) -> str:
        return f'<style>{STYLE}</style>\n<div class="bp"><ul>{html_items([as_lines(self, set())], STATES)}</ul></div>\n'

    def to_markdown(self) -> str:
        """The tree as a nested list."""
        return "\n".join(markdown_items(as_lines(self, set()))) + "\n"

    def picture(self) -> Picture:
        """The derivation as a graph: one node for each conclusion, with all its supports. Draw it by `.to_svg()` or
        `.to_mermaid()`."""
        return picture([self])

    def to_data(self) -> dict[str, Any]:
        """As JSON data: this conclusion, and under `below`, once each and bottom up, those that premises name as `concluded`."""
        below = [derivation._alone() for derivation in _from_the_ground([self]) if derivation is not self]
        return {**self._alone(), "below": below} if below else self._alone()

    def _alone(self) -> dict[str, Any]:
        data = {"fact": to_data(self.fact), "firm": self.firm, "supports": [s.to_data() for s in self.supports]}
        return {**data, "rests_on": [u.to_data() for u in self.rests_on]} if self.rests_on else data


# --- as text ---------------------------------------------------------------------------------------------------------


def show(derivation: Derivation, *, above: set[Fact] | None = None, width: int | None = None, wording: Wording = IDS) -> str:
    """The tree of one conclusion; `width` wraps its lines.

    `above` holds the conclusions whose derivations were already printed. The function adds those it prints.
    """
    return "\n".join(draw(as_lines(derivation, set() if above is None else above, wording), width))


def show_all(derivations: Iterable[Derivation]) -> str:
    """The trees of several conclusions, dependencies first, each derivation once."""
    above: set[Fact] = set()
    return "\n\n".join(show(derivation, above=above) for derivation in in_order(derivations))


def in_order(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """The same derivations, dependencies first, otherwise in the given order."""
    asked = list(derivations)
    place = {derivation.fact: number for number, derivation in enumerate(_from_the_ground(asked))}
    return tuple(sorted(asked, key=lambda derivation: place[derivation.fact]))


def heading(fact: Fact, *, firm: bool, wording: Wording = IDS) -> str:
    """A conclusion with its certainty: `acute_strain (lumbar)  [firm]`."""
    return f"{wording.title(fact)}  [{wording.say('firm' if firm else 'provisional')}]"


def as_lines(derivation: Derivation, above: set[Fact], wording: Wording = IDS, mark: str = "") -> Line:
    """The tree as nested lines of text; a conclusion in `above` is only named."""
    if derivation.fact in above:
        return _as_above(derivation, wording, mark)
    order, opened = _opened(derivation, above)
    built: dict[Fact, Line] = {}
    for here in reversed(order):  # nested derivations come later in the order, so they are already built
        places = count()

        def tell(inner: Derivation, mark: str, here: Fact = here.fact, places: Iterator[int] = places) -> Line:
            is_open = (here, next(places)) in opened
            return replace(built[inner.fact], mark=mark) if is_open else _as_above(inner, wording, mark)

        built[here.fact] = _conclusion_lines(here, tell, wording)
    return replace(built[derivation.fact], mark=mark)


Tell: TypeAlias = Callable[[Derivation, str], Line]
"""The line of a nested derivation, with its mark."""


def _as_above(derivation: Derivation, wording: Wording, mark: str) -> Line:
    text = wording.say("{}, as above", heading(derivation.fact, firm=derivation.firm, wording=wording))
    return Line(text, mark=mark, about=derivation.fact, refers=True)


def _opened(derivation: Derivation, above: set[Fact]) -> tuple[list[Derivation], set[tuple[Fact, int]]]:
    """The derivations that are printed in full, in reading order, and the position where each is printed."""
    order: list[Derivation] = []
    opened: set[tuple[Fact, int]] = set()
    stack: list[tuple[Derivation, tuple[Fact, int] | None]] = [(derivation, None)]
    while stack:
        here, place = stack.pop()
        if here.fact in above:
            continue
        above.add(here.fact)
        order.append(here)
        if place is not None:
            opened.add(place)
        stack += reversed([(inner, (here.fact, number)) for number, inner in enumerate(_told(here))])
    return order, opened


def _told(derivation: Derivation) -> Iterator[Derivation]:
    """The derivations of its premises, in reading order."""
    premises = [premise for support in reversed(derivation.supports) for premise in reversed(support.premises)]
    while premises:
        premise = premises.pop()
        if premise.derivation is not None and premise.asks == premise.derivation.fact:
            yield premise.derivation
        else:
            premises += reversed(premise.parts)


def _conclusion_lines(derivation: Derivation, tell: Tell, wording: Wording) -> Line:
    say = wording.say
    text = heading(derivation.fact, firm=derivation.firm, wording=wording)
    unknown = derivation.rests_on
    rests = (say("rests on what is not known: {}", wording.unknowns(unknown)),) if unknown else ()
    because = ("because rule {}", *["and because rule {}"] * (len(derivation.supports) - 1))
    below = [_support(s, derivation.fact, word, tell, wording) for s, word in zip(derivation.supports, because, strict=True)]
    return Line(text, (*wording.details(derivation.fact), *rests), tuple(below), about=derivation.fact)


def _support(support: Support, fact: Fact, because: str, tell: Tell, wording: Wording) -> Line:
    say = wording.say
    text = say(because, support.rule)
    text = text if support.firm else say("{} ({})", text, say("provisional"))
    gives = wording.details(support.fact) if support.fact != fact else ()
    if gives:
        text = say("{}, which gives {}", text, say(", ").join(gives))
    return _rule_lines(support, text, tell, wording)


def rule_lines(support: Support, text: str, above: set[Fact], wording: Wording) -> Line:
    """One rule as lines below `text`: the state of its premises, its parameters, sources and notes."""
    return _rule_lines(support, text, lambda inner, mark: as_lines(inner, above, wording, mark), wording)


def _rule_lines(support: Support, text: str, tell: Tell, wording: Wording) -> Line:
    say = wording.say
    numbers = say(", ").join(f"{name} = {wording.value(value)}" for name, value in support.parameters)
    said = [say("with {}", numbers)] if numbers else []
    for rule, facts in support.overrode:
        said.append(say("takes back rule {}: {}", rule, say("; ").join(map(wording.title, facts))))
    for statement in support.sources:
        place = statement.cite if statement.at is None else f"{statement.cite}, {statement.at}"
        cited = place if statement.standing == "stated" else say("{} ({})", place, say(statement.standing))
        said.append(say("source {}: {}", cited, wording.statement(statement)))
    said += [say("note: {}", note) for note in _notes(support, wording)]
    premises = tuple(_premise(premise, tell, wording) for premise in support.premises)
    return Line(text, (), (*premises, *(Line(printable(line)) for line in said)))


def _notes(support: Support, wording: Wording) -> Iterator[str]:
    if support.note:
        yield wording.text(support.note)
    for extension in support.extended:
        cited = "".join(f" [{statement.cite}]" for statement in extension.extension.statements)
        yield wording.extension(extension) + cited
    if support.replaces:
        yield wording.say("replaces {}", support.replaces)


def _premise(premise: PremiseState, tell: Tell, wording: Wording) -> Line:
    mark = MARKS[premise.state]
    if premise.derivation is not None and premise.asks == premise.derivation.fact:
        return tell(premise.derivation, mark)
    asked = wording.premise(premise.text, premise.asks)
    if premise.tally is not None:
        asked = wording.say("{}: {}", asked, wording.say("{} of {}", *premise.tally))
    facts = wording.say("; ").join(wording.fact(fact) for fact in premise.stated)
    if facts.startswith(asked):
        asked, facts = facts, wording.say("stated")
    text = f"{asked}  <- {facts}" if facts else asked
    if premise.rests_on:
        text = wording.say("{}  ({})", text, wording.say("not known: {}", wording.unknowns(premise.rests_on)))
    return Line(text, (), tuple(_premise(part, tell, wording) for part in premise.parts), mark)


def _from_the_ground(derivations: list[Derivation]) -> Iterator[Derivation]:
    """These derivations and all nested ones, each once, dependencies first. Works at any depth."""
    seen: set[Fact] = set()
    stack = [(derivation, False) for derivation in reversed(derivations)]
    while stack:
        here, is_done = stack.pop()
        if is_done:
            yield here
        elif here.fact not in seen:
            seen.add(here.fact)
            stack.append((here, True))
            stack += [(below, False) for below in _inside(here)]


def _inside(derivation: Derivation) -> Iterator[Derivation]:
    premises = [premise for support in derivation.supports for premise in support.premises]
    while premises:
        premise = premises.pop()
        premises += premise.parts
        if premise.derivation is not None:
            yield premise.derivation


# --- as a graph ---------------------------------------------------------------------------------------------------------


def picture(derivations: Iterable[Derivation], wording: Wording = IDS) -> Picture:
    """These derivations and all nested ones as a graph with all supports; each conclusion is one node."""
    painter = Painter("How it follows", wording.say)
    stack = list(derivations)
    while stack:
        derivation = stack.pop()
        is_new = painter.add(_conclusion(derivation.fact, derivation.firm, wording))
        for number, support in enumerate(derivation.supports if is_new else ()):
            rule = f"{_id(derivation.fact)} {support.rule} {number}"
            painter.add(Node(rule, "rule", support.rule))
            painter.connect(rule, _id(derivation.fact))
            stack += _feeds(support, rule, painter, wording)
    return painter.picture()


def _feeds(support: Support, rule: str, painter: Painter, wording: Wording) -> Iterator[Derivation]:
    """Connect the inputs of a rule, and return the derivations among them."""
    premises = list(support.premises)
    while premises:
        premise = premises.pop(0)
        premises += premise.parts
        if premise.derivation is not None:
            painter.connect(_id(premise.derivation.fact), rule)
            yield premise.derivation
        elif not premise.parts:
            for id, text in _stated(premise, wording):
                painter.add(Node(id, "stated", text))
                painter.connect(id, rule)


def _stated(premise: PremiseState, wording: Wording) -> Iterator[tuple[str, str]]:
    """The stated facts behind a premise; without any, the premise itself, which then holds by default."""
    if premise.stated:
        yield from ((_id(fact), wording.fact(fact)) for fact in premise.stated)
    elif premise.state != "false":
        text = wording.premise(premise.text, premise.asks)
        yield text, text


def _conclusion(fact: Fact, firm: bool, wording: Wording) -> Node:
    return Node(_id(fact), "conclusion", wording.title(fact), wording.say("firm" if firm else "provisional"))


def _id(fact: Fact) -> str:
    return " ".join(canonical(fact))
