"""A live case: facts are inserted, retracted and replaced, and a conclusion disappears with its last support.

A change costs time for the part of the case it affects, not for the whole case. Results are computed on request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from ..arguments import fact_list, indent_of
from ..assessment import Assessment
from ..change import Change, difference
from ..engine.edits import put_in, take_out
from ..engine.outcome import Outcome, RecordOutcome
from ..engine.watchers import is_watched, tell
from ..errors import FactError, InvalidFactError, SessionError, shown
from ..facts.base import Fact, to_data
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from .conclusions import Conclusions, in_order
from .journal import Journal, Mark
from .observers import Activation, Audience, Observer
from .replay import grouped, read_header, replayed
from .saved import check_made_with, saved
from .turn import Turns

MOST_SURPLUS: Final = 100
"""A bounded history may temporarily exceed its bound by so many changes."""


class _Unfinished(NamedTuple):
    """A change in progress: the previous facts at its places, the previous number of changes, and the end of the journal."""

    before: Mapping[Place, Fact | None]
    changes: int
    mark: Mark | None


class Session:
    """One patient, live. Made by `kb.session(...)`. A session is for one thread at a time.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> session = kb.session()
    >>> print(session.insert(COLD.present))
    + chill
    >>> session.result.findings
    (Finding(condition='chill', region=None, strength='indicates'),)
    >>> print(session.retract(COLD.present))
    - chill
    """

    def __init__(
        self,
        program: Program,
        facts: Iterable[Fact] = (),
        *,
        observers: Iterable[Observer] = (),
        history: int | None = None,
        journal: Journal | None = None,
        accept_other_packs: bool = False,
    ) -> None:
        if history is not None and (type(history) is not int or history < 0):
            raise SessionError(
                f"history= takes how many changes are kept, from 0, or None for all; not {shown(history)}", value=shown(history)
            )
        self._program = program
        self._audience = Audience(observers)
        self._most = history
        self._history: list[Change] = []
        self._journal = journal
        self._turns = Turns()
        self._unfinished: _Unfinished | None = None
        self._conclusions = Conclusions(program, {}, watch=self._audience.wants_activations)
        self._result: Assessment | None = None
        self._tell()
        if journal is not None:
            self._replay(journal, accept_other_packs=accept_other_packs)
        facts = tuple(facts)
        if facts:
            self.insert(*facts)

    # --- what it holds --------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The stated facts, in canonical order."""
        with self._turns.take():
            return in_order(self._settled().stated.values())

    @property
    def derived(self) -> tuple[Fact, ...]:
        """The current conclusions, in canonical order: the same as `result.derived`, without computing a result."""
        with self._turns.take():
            return in_order(self._settled().shown)

    def is_firm(self, fact: Fact) -> bool:
        """Whether no answer to an open question can remove a current conclusion. Raises `FactError` for any other fact.

        A part of a merged conclusion is accepted too.
        """
        with self._turns.take():
            firm = self._settled().firm(fact)
        if firm is None:
            raise FactError(f"{shown(fact)} is no conclusion of this session now", fact=fact)
        return firm

    @property
    def result(self) -> Assessment:
        """The assessment of the current facts, equal to `kb.assess(session.facts)`."""
        with self._turns.take():
            conclusions = self._settled()
            result = self._result
            if result is None:
                result = self._result = self._assess(conclusions)
        self._audience.assessed(result)
        return result

    @property
    def history(self) -> tuple[Change, ...]:
        """The effect of each change, oldest first, without the changes before a restore.

        `kb.session(history=100)` keeps only the last hundred.
        """
        with self._turns.take():
            self._settled()
            return tuple(self._history[self._surplus() :])

    # --- changes --------------------------------------------------------------------------------------------------------

    def insert(self, *facts: Fact) -> Change:
        """Add facts. A fact that the session already has changes nothing.

        Raises a `FactError`, and leaves the session unchanged, if a fact is invalid; in particular a `ConflictingFactError` if
        the session or this call has another fact with the same key.
        """
        return self._change(lambda stated: self._added(stated, facts, replace=False))

    def retract(self, *facts: Fact) -> Change:
        """Remove facts. Raises a `FactError`, and changes nothing, if the session lacks one of them."""
        return self._change(lambda stated: take_out(self._program.linked, stated, facts, of="the session"))

    def replace(self, *facts: Fact) -> Change:
        """Insert facts, replacing any facts with the same keys."""
        return self._change(lambda stated: self._added(stated, facts, replace=True))

    def compact(self) -> None:
        """Shorten the journal, if there is one, to the current facts, dropping the history of changes.

        Raises `JournalError`, and leaves the file unchanged, if writing fails.
        """
        with self._turns.take():
            facts = in_order(self._settled().stated.values())
            if self._journal is not None:
                self._journal.compact(grouped([to_data(fact) for fact in facts]))

    def close(self) -> None:
        """Close the journal, if there is one. The session can no longer change."""
        with self._turns.take():
            if self._journal is not None:
                self._settled()
                self._journal.close()

    # --- saved ----------------------------------------------------------------------------------------------------------

    def to_json(self, *, indent: int | None = None) -> str:
        """The session as JSON text, with the identity of its packs. Pass it to `kb.restore_session`."""
        return json.dumps(saved(self._program.linked, self.facts), ensure_ascii=False, indent=indent_of("to_json", indent))

    def restore(self, facts: Iterable[Fact]) -> None:
        """Start from the facts of a saved session; see `kb.restore_session`."""
        self.insert(*fact_list("restore", facts, InvalidFactError, Fact))
        self._history.clear()

    def _replay(self, journal: Journal, *, accept_other_packs: bool) -> None:
        """Start from the final facts of a journal, as one change."""
        if not journal.lines:
            return
        header, *changes = journal.lines
        made_with = read_header(header, path=journal.path)
        check_made_with(self._program.linked, made_with, place=str(journal.path), accept_other_packs=accept_other_packs)
        self._conclusions.change(replayed(self._program.linked, changes, path=journal.path))
        self._tell()

    # --- inside ---------------------------------------------------------------------------------------------------------

    def _added(self, stated: Mapping[Place, Fact], facts: Iterable[Fact], *, replace: bool) -> dict[Place, Fact]:
        return put_in(
            self._program.linked, stated, facts, replace=replace, hint="session.replace(...) puts it in that one's place"
        )

    def _change(self, asked: Callable[[Mapping[Place, Fact]], Mapping[Place, Fact | None]]) -> Change:
        """Make one change, completely or not at all, even if an exception occurs anywhere in between.

        The change is marked unfinished before its first effect and finished after its last; each mark is one assignment. The next
        access rolls an unfinished change back, so nothing has to run at the time of the failure.
        """
        with self._turns.take():
            conclusions = self._settled()
            places = asked(conclusions.stated)
            before = {place: conclusions.stated.get(place) for place in places}
            retracted = [fact for fact in before.values() if fact is not None]
            inserted = [fact for fact in places.values() if fact is not None]
            line = {"retract": [to_data(fact) for fact in retracted], "insert": [to_data(fact) for fact in inserted]}
            mark = None if self._journal is None else self._journal.mark
            self._unfinished = _Unfinished(before, len(self._history), mark)
            was, now = conclusions.change(places)
            change = difference(was, now, inserted=inserted, retracted=retracted)
            if self._journal is not None and places:
                self._journal.append({name: facts for name, facts in line.items() if facts})
            self._result = None
            self._history.append(change)
            self._unfinished = None
        self._tell()
        if is_watched():
            tell(Outcome(self._program, self.facts, ()))
        return change

    def _settled(self) -> Conclusions:
        """The conclusions of all finished changes. An interrupted rollback of an unfinished change restarts."""
        unfinished = self._unfinished
        if unfinished is not None:
            places = {**self._conclusions.stated, **unfinished.before}
            stated = {place: fact for place, fact in places.items() if fact is not None}
            if self._journal is not None and unfinished.mark is not None:
                self._journal.rewind(unfinished.mark)
            del self._history[unfinished.changes :]
            self._result = None
            conclusions = Conclusions(self._program, stated, watch=False)
            conclusions.maintained.watch(self._audience.wants_activations)
            self._conclusions = conclusions
            self._unfinished = None
        elif self._surplus() > MOST_SURPLUS:
            del self._history[: self._surplus()]
        return self._conclusions

    def _surplus(self) -> int:
        """How many of the oldest changes to drop."""
        return 0 if self._most is None else max(0, len(self._history) - self._most)

    def _tell(self) -> None:
        if self._audience.wants_activations:
            fired, retracted = self._conclusions.maintained.take_activations()
            self._audience.activations(
                [Activation(rule, in_order(facts)) for rule, facts in fired],
                [Activation(rule, in_order(facts)) for rule, facts in retracted],
            )

    def _assess(self, conclusions: Conclusions) -> Assessment:
        facts = tuple(conclusions.stated.values())
        known, program = conclusions.maintained.facts(), self._program
        if program.reads_closed and not all(fact.schema_.is_open for fact in facts):
            concluded = in_order(fact for fact, bits in known.items() if bits & ESTABLISHED)
            return Assessment(RecordOutcome(program, facts, concluded, known))
        bits = {program.numbers[fact]: bits for fact, bits in known.items()}
        return Assessment(Outcome(program, facts, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits))
