"""Derivations as lines of text, for a terminal or a log.

One premise a line: `+` it holds, `~` it holds by default, `?` it is unknown, `-` it does not hold; after the arrow the
stated facts that make it so. A derivation that stands further up is not printed again, it is referred to: "as above".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from ..errors import printable
from ..facts.base import Fact
from ..ir.conclusions import spoken
from .unknowns import say_unknowns
from .words import details, say_fact, title

if TYPE_CHECKING:
    from .derivation import Derivation, PremiseState, Support

MARKS = {"true": "+", "by default": "~", "unknown": "?", "false": "-"}
NARROWEST = 40
"""However deep the tree, a line keeps this many columns for its text."""


def show(derivation: Derivation, *, above: set[Fact] | None = None, width: int | None = None) -> str:
    """The tree of one conclusion; with `width`, its lines are broken to fit.

    `above` holds the conclusions whose derivations the reader has seen. What is printed here is added to it.
    """
    return "\n".join(_draw(_derivation(derivation, set() if above is None else above), width))


def show_all(derivations: Iterable[Derivation]) -> str:
    """Several conclusions, each after those that it rests on, and each derivation once."""
    above: set[Fact] = set()
    return "\n\n".join(show(derivation, above=above) for derivation in in_order(derivations))


def in_order(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """The same derivations, each after those that it rests on, and otherwise in the order given."""
    asked = list(derivations)
    place = {derivation.fact: number for number, derivation in enumerate(_from_the_ground(asked))}
    return tuple(sorted(asked, key=lambda derivation: place[derivation.fact]))


def heading(fact: Fact, *, firm: bool) -> str:
    """A conclusion and how sure it is: `acute_strain (lumbar)  [firm]`."""
    return f"{title(fact)}  [{'firm' if firm else 'provisional'}]"


# --- what is said -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A line of a tree: its text, what else is said of the same thing, and the lines below it."""

    text: str
    more: tuple[str, ...] = ()
    below: tuple[_Line, ...] = ()


def _derivation(derivation: Derivation, above: set[Fact], mark: str = "") -> _Line:
    text = mark + heading(derivation.fact, firm=derivation.firm)
    if derivation.fact in above:
        return _Line(f"{text}, as above")
    above.add(derivation.fact)
    rests = (f"rests on what is not known: {say_unknowns(derivation.rests_on)}",) if derivation.rests_on else ()
    because = ("because", *["and because"] * (len(derivation.supports) - 1))
    below = [_support(s, derivation.fact, word, above) for s, word in zip(derivation.supports, because, strict=True)]
    return _Line(text, (*details(derivation.fact), *rests), tuple(below))


def _support(support: Support, fact: Fact, word: str, above: set[Fact]) -> _Line:
    text = f"{word} rule {support.rule}" + ("" if support.firm else " (provisional)")
    if support.fact != fact and details(support.fact):
        text += f", which gives {', '.join(details(support.fact))}"
    said = [f"with {', '.join(f'{name} = {spoken(value)}' for name, value in support.parameters)}"] if support.parameters else []
    for statement in support.sources:
        standing = "" if statement.standing == "stated" else f" ({statement.standing})"
        said.append(f"source {statement.cite}{standing}: {statement.text}")
    said += [f"note: {note}" for note in support.notes]
    premises = tuple(_premise(premise, above) for premise in support.premises)
    return _Line(text, (), (*premises, *(_Line(printable(line)) for line in said)))


def _premise(premise: PremiseState, above: set[Fact]) -> _Line:
    mark = f"{MARKS[premise.state]} "
    if premise.derivation is not None and premise.text == say_fact(premise.derivation.fact):
        return _derivation(premise.derivation, above, mark)
    facts = "; ".join(say_fact(fact) for fact in premise.stated)
    says_it = bool(facts) and facts.startswith(premise.text)
    text = f"{facts}  <- stated" if says_it else premise.text + (f"  <- {facts}" if facts else "")
    rests = f"  (not known: {say_unknowns(premise.rests_on)})" if premise.rests_on else ""
    return _Line(f"{mark}{text}{rests}", (), tuple(_premise(part, above) for part in premise.parts))


def _from_the_ground(derivations: list[Derivation]) -> Iterator[Derivation]:
    """These derivations and all inside them, each once and after those that it uses, however deep they lie."""
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


# --- how it is drawn --------------------------------------------------------------------------------------------------


def _draw(line: _Line, width: int | None) -> list[str]:
    rail = "│  " if line.below else "   "
    first, *rest = _broken(line.text, width)
    drawn = [first, *(rail + "  " + text for text in rest)]
    drawn += [rail + text for more in line.more for text in _broken(more, width and width - 3)]
    for number, below in enumerate(line.below):
        corner, side = ("└─ ", "   ") if number == len(line.below) - 1 else ("├─ ", "│  ")
        head, *tail = _draw(below, width and width - 3)
        drawn += [corner + head, *(side + text for text in tail)]
    return [text.rstrip() for text in drawn]


def _broken(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return wrap(text, max(width - 5, NARROWEST), break_long_words=False, break_on_hyphens=False) or [""]
