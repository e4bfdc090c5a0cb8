"""Explanations for people who do not know the ids: in the labels of the packs, in a language that they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import islice

from ..errors import UnknownLanguageError, did_you_mean, printable, shown
from ..explain.unknowns import MOST_SAID, Unknown, by_place
from ..explain.wording import Wording
from ..facts.base import Fact
from ..facts.types import Caution, Diagnosis, Finding, KnownCondition, Recommendation, Referral, Symptom, beyond_title
from ..ground.nodes import Atom, JoinTest, Place, Plain, Presence, SlotTest, SlotValue, Sum, place_of
from ..ir.conclusions import spoken
from ..ir.expressions import Premise
from ..link.model import Linked, LinkedExtension, Override
from ..source import Statement
from .phrases import PHRASES
from .sentences import COMPARED, sentence

ENGLISH = "en"


def languages(linked: Linked) -> tuple[str, ...]:
    """The languages that these packs have words in, English first."""
    return (ENGLISH, *sorted({language for pack in linked.packs for language in pack.translations} - {ENGLISH}))


class Labels(Wording):
    """Says things in the labels of a rule base. What a pack does not say in this language is said as the pack has it.

    Raises `UnknownLanguageError` for a language that no pack has.
    """

    def __init__(self, linked: Linked, language: str = ENGLISH) -> None:
        known = languages(linked)
        if language not in known:
            hint = did_you_mean(language, known) or f"; there are {', '.join(known)}"
            raise UnknownLanguageError(f"no loaded pack has words in {shown(language)}{hint}", language=language, known=known)
        self.language = language
        self._linked = linked
        self._unknowns: dict[tuple[Place, tuple[str | None, ...]], str] = {}
        self._phrases: Mapping[str, str] = PHRASES.get(language, {})
        self._given = [pack.translations[language] for pack in linked.packs if language in pack.translations]
        self._patterns = [
            (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(text))), translated)
            for words in self._given
            for text, translated in words.texts.items()
            if "{" in text
        ]

    # --- words --------------------------------------------------------------------------------------------------------

    def say(self, phrase: str, *values: object) -> str:
        said = self._phrases.get(phrase, phrase)
        return said.format(*values) if values else said

    def label(self, vocabulary: str, id: str) -> str:
        """The label of a term; an id that nobody declared is said in words."""
        term = self._linked.terms.get((vocabulary, id))
        return self._first("labels", id) or printable(term.label if term is not None else id.replace("_", " "))

    def question(self, vocabulary: str, id: str) -> str | None:
        """The question that asks for a term, if it has one."""
        term = self._linked.terms.get((vocabulary, id))
        asked = getattr(term, "ask", None)
        return self._first("questions", id) or (None if asked is None else printable(asked))

    def question_of(self, kind: type[Fact], key: Mapping[str, object], slot: str | None = None) -> str | None:
        """The question for a fact with this key, or for a slot of it, if its type has one."""
        asked = kind.ask_ if slot is None else kind.schema_.fields[slot].ask
        if asked is None:
            return None
        said = self._phrases.get(asked) or self._first("texts", asked) or asked
        names = {name: "" if value is None else self.field_value(kind, name, value) for name, value in key.items()}
        return _filled(printable(said), names)

    def statement(self, statement: Statement) -> str:
        return self._first("statements", statement.cite) or printable(statement.text)

    def text(self, text: str) -> str:
        whole = self._first("texts", text)
        if whole is not None:
            return whole
        for pattern, translated in self._patterns:
            if match := pattern.fullmatch(text):
                amounts = {name: self._amount(printable(value)) for name, value in match.groupdict().items()}
                return _filled(printable(translated), amounts)
        return printable(text.replace("_", " ") if text.isidentifier() else text)

    def value(self, value: object) -> str:
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, timedelta):
            return self._amount(spoken(value))
        return self.say(self.text(value)) if isinstance(value, str) else printable(str(value))

    def _first(self, what: str, name: str) -> str | None:
        found: Iterable[str | None] = (getattr(words, what).get(name) for words in self._given)
        return next((printable(text) for text in found if text is not None), None)

    def _amount(self, text: str) -> str:
        """`24 h` in the words of this language."""
        amount, _, unit = text.partition(" ")
        return self.say("{} " + unit, amount) if unit and "{} " + unit in self._phrases else text

    # --- facts --------------------------------------------------------------------------------------------------------

    def title(self, fact: Fact) -> str:
        match fact:
            case KnownCondition(condition=condition):
                return self.say("{}: known", self.label("condition", condition))
            case Finding(condition=condition, region=region, strength=strength):
                said = self._of(self.label("condition", condition), [self.value(region)] if region else [])
                return self.say("{}, may be indicated", said) if strength == "may_indicate" else said
            case Recommendation(intervention=intervention, for_condition=reason):
                return self._for(self.label("intervention", intervention), reason)
            case Caution(about=about, for_condition=reason):
                known = ("intervention", about) in self._linked.terms
                return self._for(
                    self.say("Caution: {}", self.label("intervention", about) if known else self.text(about)), reason
                )
            case Referral(to=to, reason=reason):
                said = self.say("Referral to {}", self.text(to))
                return self.say("{}, for: {}", said, self._anything(reason)) if reason else said
            case _:
                return self.place(place_of(fact), present=fact.__dict__.get("present"))

    def details(self, fact: Fact) -> tuple[str, ...]:
        return tuple(
            self.value(value) if isinstance(fact, Caution) and name == "text" else self._slot_value(type(fact), name, value)
            for name, value in beyond_title(fact).items()
        )

    def place(self, place: Place, *, present: bool | None = True) -> str:
        """What a fact is about; `present` is False where it is not there."""
        if place.kind is Diagnosis:
            label = self.label("condition", place.key[0])
            return self.say("{}: diagnosed" if present is not False else "{}: excluded", label)
        if place.kind is Symptom:
            said = self.label("symptom", place.key[0])
        else:
            names = zip(place.kind.schema_.keys, place.key, strict=True)
            said = self._of(self.kind(place.kind), [self.field_value(place.kind, n, v) for n, v in names if v is not None])
        return said if present is not False else self.say("{}: no", said)

    def kind(self, kind: type[Fact]) -> str:
        """The name of a fact type."""
        return self.say(kind.tag().replace("_", " ").capitalize())

    def field(self, name: str) -> str:
        """The name of a field."""
        return self.say(name.replace("_", " "))

    def field_value(self, kind: type[Fact], name: str, value: object) -> str:
        """One value of a field, with its unit."""
        known = kind.schema_.fields[name]
        if known.vocabulary and isinstance(value, str):
            return self.label(known.vocabulary, value)
        unit = known.unit or ""
        return self.value(value) + (unit if not unit[:1].isalpha() else f" {self.say(unit)}")

    def unknowns(self, unknowns: Iterable[Unknown]) -> str:
        slots = by_place(unknowns)
        said = [self._unknown(place, tuple(slots[place])) for place in islice(slots, MOST_SAID)]
        most = self.say(", ").join(said)
        return most if len(slots) <= MOST_SAID else self.say("{} and {} more", most, len(slots) - MOST_SAID)

    def _unknown(self, place: Place, slots: tuple[str | None, ...]) -> str:
        """One place with its unknown slots; kept, as most conclusions of a case wait for the same answers."""
        said = self._unknowns.get((place, slots))
        if said is None:
            said = self._of(self.place(place), [self.field(slot) for slot in slots if slot])
            self._unknowns[place, slots] = said
        return said

    # --- premises -----------------------------------------------------------------------------------------------------

    def premise(self, text: str, asks: Atom | Premise | Fact | Override | None) -> str:
        match asks:
            case None:
                return self._phrases.get(text, text)
            case Override(by=rule):
                return self.say("unless {} fires", rule)
            case Fact():
                return self.fact(asks)
            case Presence(place=place):
                return self.place(place)
            case SlotTest(place=place, slot=slot, op=op, value=value):
                said = self.say("{}: {}", self.place(place), self.field(slot))
                return self.say(COMPARED[op], said, self.field_value(place.kind, slot, value))
            case JoinTest(op=op, left=left, right=right):
                return self.say(COMPARED[op], self._side(left), self._side(right))
            case Premise():
                return sentence(asks, self)

    def extension(self, extension: LinkedExtension) -> str:
        added = self.say(", ").join(sentence(member, self) for member in extension.extension.members)
        pack = next(pack.title for pack in self._linked.packs if pack.id == extension.pack) or extension.pack
        target = self._linked.sign_sets[extension.target].label or extension.target
        return self.say("pack {} adds {} to {}", self.text(pack), added, self.text(target))

    def _side(self, value: SlotValue | Sum | Plain) -> str:
        match value:
            case SlotValue(place=place, slot=slot):
                return self.say("{}: {}", self.place(place), self.field(slot))
            case Plain(value=constant):
                return self.value(constant)
            case Sum(op=op, left=left, right=right):
                return f"({self._side(left)} {op} {self._side(right)})"

    # --- parts --------------------------------------------------------------------------------------------------------

    def _slot_value(self, kind: type[Fact], name: str, value: object) -> str:
        return self.say("{}: {}", self.field(name), self.field_value(kind, name, value))

    def _of(self, what: str, which: list[str]) -> str:
        return self.say("{} ({})", what, self.say(", ").join(which)) if which else what

    def _for(self, what: str, reason: str | None) -> str:
        return self.say("{}, for: {}", what, self.label("condition", reason)) if reason else what

    def _anything(self, id: str) -> str:
        """The label of a term of whatever vocabulary; a plain word as it is."""
        vocabulary = next((v for v in ("symptom", "condition", "intervention") if (v, id) in self._linked.terms), None)
        return self.label(vocabulary, id) if vocabulary else self.text(id)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each value in the place that has its name; other braces are text, and what is put in is not read again."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text)
