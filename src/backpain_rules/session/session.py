"""A live case: facts come, go and are replaced, and conclusions go when their last support goes.

A change costs what it touches, whatever else the session holds. A result is put together when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..assessment import Assessment
from ..change import Change, difference
from ..engine.case_json import facts_from_json
from ..engine.edits import put_in, take_out
from ..engine.maintenance import Maintained
from ..engine.outcome import Outcome
from ..engine.watchers import is_watched, tell
from ..errors import FactError, JournalError
from ..facts.base import Fact, canonical, plain, to_data
from ..facts.merged import group_of, merged
from ..ground.compile import with_closed
from ..ground.nodes import Place, by_place, place_of
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED
from .journal import Journal
from .observers import Activation, Audience, Observer
from .saved import check_made_with, made_with, saved


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
        self, program: Program, facts: Iterable[Fact] = (), *, observers: Iterable[Observer] = (), journal: Journal | None = None
    ) -> None:
        self._program = program
        self._audience = Audience(observers)
        self._journal = None
        self._maintained = Maintained.of(program, watch=self._audience.wants_activations)
        self._groups: dict[tuple[object, ...], dict[Fact, int]] = {}
        self._shown: dict[Fact, bool] = {}
        self._history: list[Change] = []
        self._result: Assessment | None = None
        self._take_up({fact: bits for fact, bits in self._maintained.facts().items() if bits & ESTABLISHED})
        self._tell()
        if journal is not None and journal.header is not None:
            self._replay(journal)
        self._journal = journal
        if journal is not None and journal.header is None:
            journal.append(made_with(program.linked))
        facts = tuple(facts)
        if facts:
            self.insert(*facts)

    # --- what it holds --------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The stated facts, in canonical order."""
        return in_order(map(plain, self._maintained.stated.values()))

    @property
    def derived(self) -> tuple[Fact, ...]:
        """What is concluded now, in canonical order: as `result.derived`, and at hand without making a result."""
        return in_order(self._shown)

    def is_firm(self, fact: Fact) -> bool:
        """Whether a conclusion of now stays whatever further unknowns are answered; raises `FactError` for any other fact.

        Of conclusions that are shown as one, each can be asked for too.
        """
        firm = self._shown.get(fact)
        if firm is not None:
            return firm
        bits = self._groups.get(group_of(fact), {}).get(fact) if isinstance(fact, Fact) else None  # pyright: ignore[reportUnnecessaryIsInstance]
        if bits is None:
            raise FactError(f"{fact!r} is no conclusion of this session now", fact=fact)
        return bool(bits & CERTAIN)

    @property
    def result(self) -> Assessment:
        """The assessment of the facts as they are now: the same as that of `kb.assess(session.facts)`."""
        if self._result is None:
            self._result = self._assess()
        self._audience.assessed(self._result)
        return self._result

    @property
    def history(self) -> tuple[Change, ...]:
        """What each change did, the first first; changes before a session was restored are not in it."""
        return tuple(self._history)

    # --- changes --------------------------------------------------------------------------------------------------------

    def insert(self, *facts: Fact) -> Change:
        """Add facts. One that the session has already changes nothing.

        Raises a `FactError` and leaves the session as it was when one of them cannot be: a `ConflictingFactError` when the
        session, or this call, says something else of the same thing.
        """
        return self._change(self._added(facts, replace=False))

    def retract(self, *facts: Fact) -> Change:
        """Take facts out. Raises a `FactError`, and changes nothing, when the session does not have one of them."""
        return self._change(take_out(self._program.linked, self._maintained.stated, facts, of="the session"))

    def replace(self, *facts: Fact) -> Change:
        """Put facts in the place of what the session says of the same things, if it says anything."""
        return self._change(self._added(facts, replace=True))

    def close(self) -> None:
        """Close the journal, if there is one."""
        if self._journal is not None:
            self._journal.close()

    # --- saved ----------------------------------------------------------------------------------------------------------

    def to_json(self, *, indent: int | None = None) -> str:
        """The session as JSON text, with the identity of its packs; `kb.restore_session` takes it."""
        return json.dumps(saved(self._program.linked, self.facts), ensure_ascii=False, indent=indent)

    def restore(self, data: Mapping[str, Any], *, place: str, accept_other_packs: bool = False) -> None:
        """Take the facts of a saved session; see `kb.restore_session`."""
        check_made_with(self._program.linked, data, place=place, accept_other_packs=accept_other_packs)
        self.insert(*facts_from_json(self._program.linked, {"facts": data.get("facts")}))
        self._history.clear()

    def _replay(self, journal: Journal) -> None:
        assert journal.header is not None
        check_made_with(
            self._program.linked, journal.header, place=str(journal.path), accept_other_packs=journal.accept_other_packs
        )
        linked = self._program.linked
        places: dict[Place, Fact | None] = {}
        for number, line in journal.changes:
            try:
                gone = facts_from_json(linked, {"facts": line.get("retract", [])})
                come = facts_from_json(linked, {"facts": line.get("insert", [])})
            except FactError as error:
                raise JournalError(
                    f"{journal.path}, line {number}: {error.message}", path=str(journal.path), line=number
                ) from None
            places.update({place_of(fact): None for fact in gone})
            places.update(by_place(come))
        self._change({place: fact for place, fact in places.items() if fact is not None})
        self._history.clear()

    # --- inside ---------------------------------------------------------------------------------------------------------

    def _added(self, facts: Iterable[Fact], *, replace: bool) -> dict[Place, Fact]:
        stated = self._maintained.stated
        return put_in(
            self._program.linked, stated, facts, replace=replace, hint="session.replace(...) puts it in that one's place"
        )

    def _change(self, places: Mapping[Place, Fact | None]) -> Change:
        before = {place: self._maintained.stated[place] for place in places if place in self._maintained.stated}
        inserted = [fact for fact in places.values() if fact is not None]
        changed = self._computed(places)
        if self._journal is not None and places:
            named = {"retract": before.values(), "insert": inserted}
            try:
                self._journal.append({name: [to_data(fact) for fact in facts] for name, facts in named.items() if facts})
            except JournalError:
                self._maintained.change({place: before.get(place) for place in places})
                raise
        was, now = self._take_up({fact: bits for fact, (_, bits) in changed.items()})
        self._result = None
        change = difference(was, now, inserted=inserted, retracted=before.values())
        self._history.append(change)
        self._tell()
        if is_watched():
            tell(Outcome(self._program, self.facts, ()))
        return change

    def _computed(self, places: Mapping[Place, Fact | None]) -> Mapping[Fact, tuple[int, int]]:
        """What a change of places changes; where a rule cannot compute it, the session is as it was."""
        before = {place: self._maintained.stated.get(place) for place in places}
        try:
            return self._maintained.change(places)
        except Exception:
            stated = {**self._maintained.stated, **before}
            watch = self._audience.wants_activations
            self._maintained = Maintained.of(self._program)
            self._maintained.change({place: fact for place, fact in stated.items() if fact is not None})
            self._maintained.watch(watch)
            raise

    def _take_up(self, changed: Mapping[Fact, int]) -> tuple[dict[Fact, bool], dict[Fact, bool]]:
        """Bring the conclusions that are shown up to date; those of the groups concerned as they were, and as they are."""
        was: dict[Fact, bool] = {}
        now: dict[Fact, bool] = {}
        for key in dict.fromkeys(map(group_of, changed)):
            was.update(_shown(self._groups.get(key, {})))
        for fact, bits in changed.items():
            group = self._groups.setdefault(group_of(fact), {})
            group.pop(fact, None)
            if bits & ESTABLISHED:
                group[fact] = bits
        for key in dict.fromkeys(map(group_of, changed)):
            now.update(_shown(self._groups[key]))
            if not self._groups[key]:
                del self._groups[key]
        for fact in was:
            self._shown.pop(fact, None)
        self._shown.update(now)
        return was, now

    def _tell(self) -> None:
        if self._audience.wants_activations:
            fired, retracted = self._maintained.take_activations()
            self._audience.activations(
                [Activation(rule, in_order(facts)) for rule, facts in fired],
                [Activation(rule, in_order(facts)) for rule, facts in retracted],
            )

    def _assess(self) -> Assessment:
        facts = tuple(self._maintained.stated.values())
        program = with_closed(self._program, [fact for fact in facts if not fact.schema_.is_open])
        bits = {program.numbers[fact]: bits for fact, bits in self._maintained.facts().items()}
        return Assessment(Outcome(program, facts, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits))


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=canonical))


def _shown(group: Mapping[Fact, int]) -> dict[Fact, bool]:
    """The conclusions of one key as they are shown, each with whether it is firm."""
    if not group:
        return {}
    one = merged(list(in_order(group)))
    if one is not None:
        return {one: all(bits & CERTAIN for bits in group.values())}
    return {fact: bool(bits & CERTAIN) for fact, bits in group.items()}
