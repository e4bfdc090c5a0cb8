"""Counts made ready: each member once, every mandatory member among them, the threshold within reach.

The members of a count are a set of premises as they are written: two that are built alike are one member, and two that
are not are two, even where one fact makes both hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ..errors import PremiseError
from ..ir.expressions import Compare, Constant, Premise
from ..ir.premises import AllOf, AtLeast, Count, Exists
from ..ir.quantities import Answers, Score
from ..ir.render import Namer, render
from ..ir.structure import structure
from ..ir.walk import walk

Warn = Callable[[str], None]
MOST_SHOWN: Final = 12
"""A warning shows the members of a score up to so many."""


def counted(node: AtLeast, members: Sequence[Premise], mandatory: Sequence[Premise], warn: Warn) -> Premise:
    """The count `node`, of which `members` and `mandatory` are the premises with their variables bound.

    Raises `PremiseError` for a count that can never be reached and for a mandatory premise that is not counted.
    """
    what, k = render(node), _number(node.k)
    unlike = {structure(member): (member, written) for member, written in zip(members, node.members, strict=True)}
    for member, written in zip(mandatory, node.mandatory, strict=True):
        if structure(member) not in unlike:
            text = render(written)
            raise PremiseError(f"{what}: mandatory {text} is not among those counted", member=text)
    if not 1 <= k <= len(unlike):
        raise PremiseError(f"{what}: {k} of {len(unlike)} can never be reached", k=k, members=len(unlike))
    _warn_shared(what, [written for _, written in unlike.values()], warn)
    count = AtLeast(node.k, tuple(member for member, _ in unlike.values()), node.signs)
    return AllOf((*mandatory, count)) if mandatory else count


def scored(score: Score, members: Sequence[Premise], answers: tuple[Answers, ...], warn: Warn) -> Score:
    """The score, of which `members` are the premises with their variables bound and `answers` those counted together."""
    together = {number: place for place, one in enumerate(answers) for number in one.members}
    apart = [written for number, (_, written) in enumerate(score.members) if number not in together]
    firsts = [score.members[one.members[0]][1] for one in answers]
    _warn_shared(
        f"score of {len(members)} premises" if len(members) > MOST_SHOWN else Namer().value(score), [*apart, *firsts], warn
    )
    return Score(tuple((points, member) for (points, _), member in zip(score.members, members, strict=True)), answers)


def _number(count: Count) -> int:
    assert isinstance(count, Constant), "resolved before"
    return count.value


def _warn_shared(what: str, members: Sequence[Premise], warn: Warn) -> None:
    seen: dict[object, int] = {}
    for number, member in enumerate(members):
        for leaf in walk(member):
            if isinstance(leaf, Compare | Exists) and seen.setdefault(structure(leaf), number) != number:
                warn(
                    f"{what}: {render(leaf)} occurs in two members, so that one sign counts twice; "
                    "leave it out of one of them, or put the two into any_of(...), which counts once"
                )
                return
