"""The option `--why-not`: why something is not concluded, and the smallest changes that would bring it about."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from ..assessment import Assessment
from ..draw.tree import draw
from ..errors import FactError, MissingExtraError
from ..explain.wording import Wording
from ..explain.words import say_fact
from ..otherwise.why_not import WhyNot
from .console import BadInput, width


def add_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--why-not",
        action="append",
        default=[],
        metavar="ID",
        help="show why this is not concluded, and what would bring it about",
    )


def why_nots(result: Assessment, ids: Iterable[str], seconds: float | None = None) -> tuple[WhyNot, ...]:
    """One for each id; raises `BadInput` for what is concluded, and `FactError` for what nothing could conclude."""
    return tuple(_why_not(result, id, seconds) for id in ids)


def _why_not(result: Assessment, id: str, seconds: float | None) -> WhyNot:
    try:
        return result.why_not(id, seconds=seconds)
    except FactError as error:
        if "facts" not in error.fields:
            raise BadInput(error.message.replace("why_not", "--why-not", 1)) from None
        there: tuple[Any, ...] = error.facts  # type: ignore[assignment]
        raise BadInput(f"--why-not {id}: it is concluded ({'; '.join(map(say_fact, there))}); --explain shows why") from None


def sections(asked: Iterable[WhyNot], wording: Wording) -> Iterator[list[str]]:
    """The tree of each, and its smallest changes, as parts of a text."""
    for one in asked:
        yield [wording.say("Why not {}", one.asked), "", *draw(one.as_lines(wording), width())]
        try:
            yield list(_changes(one, wording))
        except MissingExtraError as error:
            yield [f"The smallest changes are not searched for: {error.message}"]


def with_changes(one: WhyNot) -> dict[str, Any]:
    """As JSON data, with the smallest changes."""
    return {
        **one.to_data(),
        "changes": [edit.to_data() for edit in one.changes],
        "to_ask": [[unknown.to_data() for unknown in unknowns] for unknowns in one.to_ask],
        "sampled": list(one.sampled),
        "complete": one.complete,
    }


def _changes(one: WhyNot, wording: Wording) -> Iterator[str]:
    say = wording.say
    if not one.complete:
        yield say("The time was up before all changes were looked for.")
    if not one.changes and not one.complete:
        return
    if one.changes:
        yield say("The smallest changes that bring it about:")
        yield from (f"  {edit}" for edit in one.changes)
    elif one.sampled:
        yield say("No change was found that brings it about.")
    else:
        yield say("No change of the facts of this case brings it about.")
    if one.to_ask:
        yield say("The smallest sets of unknowns whose answers can bring it about:")
        yield from (f"  {wording.unknowns(unknowns)}" for unknowns in one.to_ask)
    if one.has_more:
        yield say("There are others, as few.")
    if one.sampled:
        yield say("Only some values were tried of: {}", ", ".join(one.sampled))
