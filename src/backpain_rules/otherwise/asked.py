"""Resolve the conclusions a question is about: by id, by declared term, or by a fact with some of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..engine.case import unknown_id
from ..errors import FactError, UnknownFactTypeError, UnknownIdError, did_you_mean, nearest
from ..explain.words import say_fact
from ..facts.base import Fact
from ..ground.program import Program
from ..link.model import Linked
from ..terms import SymptomTerm, Term

Conclusion: TypeAlias = str | Term | Fact
"""`"kidney_yin_deficiency"` or `"acupuncture:kidney_yin_deficiency"`, the term KIDNEY_YIN, or `Finding(condition=...)`."""


@dataclass(frozen=True)
class Asked:
    """The conclusions in question, in words. Each pattern is a type with the fields that a conclusion must have.

    A pattern also matches conclusions of subclasses of its type.
    """

    text: str
    patterns: tuple[tuple[type[Fact], Mapping[str, Any]], ...]

    def numbers(self, program: Program) -> tuple[int, ...]:
        """The numbers of the matching propositions."""
        found = {
            number
            for kind, where in self.patterns
            for number in _candidates(program, kind, where)
            if _fits(program.facts[number].__dict__, where)
        }
        return tuple(sorted(found))

    def rules(self, linked: Linked) -> Iterator[str]:
        """The rules that could give a matching conclusion under some facts."""
        for rule in linked.rules:
            if any(
                issubclass(t.kind, kind) and _fits(t.constants, where) for t in rule.templates for kind, where in self.patterns
            ):
                yield rule.name


def _candidates(program: Program, kind: type[Fact], where: Mapping[str, Any]) -> Iterable[int]:
    keys = kind.schema_.keys
    if keys and keys[0] not in where:
        return program.of_type.get(kind, ())
    return program.headed.get((kind, where[keys[0]] if keys else None), ())


def _fits(fields: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Whether the known fields are compatible with the pattern."""
    return all(fields.get(name, value) == value for name, value in where.items())


def asked_for(linked: Linked, conclusion: Conclusion) -> Asked:
    """Resolve a question to the conclusions it is about.

    Raises a `FactError` if rules cannot conclude it: an id that no pack declares (`UnknownIdError`), a symptom, a stated fact, or
    an object of another type.
    """
    match conclusion:
        case Fact():
            return _of_fact(linked, conclusion)
        case SymptomTerm():
            raise _stated(f"{conclusion.id!r} is a symptom", conclusion)
        case Term():
            if (conclusion.vocabulary, conclusion.id) not in linked.terms:
                raise unknown_id(linked, "why_not", conclusion.vocabulary, conclusion.id)
            return Asked(conclusion.id, _headed(linked, conclusion.id, conclusion.vocabulary))
        case str():
            return _of_id(linked, conclusion)
        case _:
            raise FactError(f"why_not takes an id, a declared term or a derived fact, not {conclusion!r}", value=conclusion)


def _of_fact(linked: Linked, fact: Fact) -> Asked:
    kind = type(fact)
    if linked.fact_types.get(kind.tag()) is not kind:
        raise UnknownFactTypeError(
            f"why_not: no loaded pack knows the fact type {kind.__name__}{did_you_mean(kind.tag(), linked.fact_types)}",
            fact_type=kind.tag(),
        )
    if kind not in linked.derived_types:
        raise _stated(f"{kind.__name__} is stated", fact)
    where = {name: fact.__dict__[name] for name in kind.schema_.fields if name in fact.model_fields_set}
    for name, value in where.items():
        vocabulary = kind.schema_.fields[name].vocabulary
        if vocabulary and value is not None and (vocabulary, value) not in linked.terms:
            raise unknown_id(linked, f"why_not: {kind.__name__}.{name}", vocabulary, value)
    return Asked(say_fact(fact), ((kind, where),))


def _of_id(linked: Linked, given: str) -> Asked:
    pack, _, id = given.rpartition(":")
    vocabularies = sorted({v for kind in linked.derived_types if (v := _head_of(kind)[1]) is not None})
    for vocabulary in vocabularies:
        owner = linked.owners.get((vocabulary, id))
        if owner is not None and pack in ("", owner):
            return Asked(given, _headed(linked, id, vocabulary))
    rule = next((rule for rule in linked.rules if rule.name == given), None)
    if rule is not None:
        heads = ", ".join(str(template.constants.get(_head_of(template.kind)[0])) for template in rule.templates)
        raise UnknownIdError(f"why_not: {given!r} is a rule; ask for what it gives: {heads}", value=given, suggestions=())
    if ("symptom", id) in linked.terms:
        raise _stated(f"{id!r} is a symptom", given)
    words = {value for value in _words(linked) if isinstance(value, str)}
    if not pack and id in words:
        return Asked(id, _headed(linked, id, None))
    owners = {id: linked.owners[words, id] for words in vocabularies for id in linked.ids(words)}
    known = {id for id, owner in owners.items() if owner == pack} if pack in owners.values() else owners.keys() | words
    near = tuple(f"{pack and owners.get(found, pack)}:{found}".lstrip(":") for found in nearest(id, known, 3))
    hint = f"; did you mean {near[0]!r}?" if near else f"; {len(known)} are known"
    raise UnknownIdError(f"why_not: no loaded pack concludes or declares {given!r}{hint}", value=given, suggestions=near)


def _headed(linked: Linked, id: str, vocabulary: str | None) -> tuple[tuple[type[Fact], Mapping[str, Any]], ...]:
    """A pattern for each derived type whose first key takes ids of this vocabulary, or plain words if it is None."""
    kinds = sorted(linked.derived_types, key=lambda kind: kind.tag())
    return tuple((kind, {name: id}) for kind in kinds for name, words in (_head_of(kind),) if name and words == vocabulary)


def _head_of(kind: type[Fact]) -> tuple[str, str | None]:
    """The first key of a type, and the vocabulary of its ids."""
    keys = kind.schema_.keys
    return (keys[0], kind.schema_.fields[keys[0]].vocabulary) if keys else ("", None)


def _words(linked: Linked) -> Iterator[object]:
    """The plain words that rules use as the first key of a conclusion, such as `emergency_department`."""
    for rule in linked.rules:
        for template in rule.templates:
            name, vocabulary = _head_of(template.kind)
            if name and vocabulary is None:
                yield template.constants.get(name)


def _stated(because: str, given: object) -> FactError:
    return FactError(
        f"why_not: {because}, no conclusion; ask for a conclusion that it bears on, or what_if(...) it were otherwise",
        value=given,
    )
