"""The vocabulary of a rule base as values: its terms, parameters, rules and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from .facts.types import InterventionKind
from .ir.conclusions import Phrase, spoken
from .ir.expressions import Parameter
from .ir.premises import Exists
from .ir.render import Namer, render, render_conclusion
from .ir.walk import constants, variables, walk
from .link.model import Linked, LinkedRule
from .source import Source, Statement
from .terms import ANY_SUFFIX, NARROWER, Audience, InterventionTerm


class CodeEntry(NamedTuple):
    """A code of a coding system that a pack gives to a term, as the pack writes it: `icd11`, `SF93`.

    A `narrower` code means less than its term: it can tell that the term holds, and never that it does not.
    """

    system: str
    code: str
    kind: str
    id: str

    @property
    def narrower(self) -> bool:
        """Whether the code, or every code that begins so, means less than its term."""
        return self.code.startswith(NARROWER) or self.code.endswith(ANY_SUFFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """A declared term: its `kind` ("symptom", "condition", "intervention"), its `id`, and the `pack` that declares it.

    `question` asks for it, if anything does, and `ask_of` says who can answer. `codes` are those of its pack and those that other
    packs add. `intervention_kind` is "treatment", "medication", "investigation" or "advice" for an intervention, else None.
    """

    kind: str
    id: str
    label: str
    pack: str
    question: str | None = None
    ask_of: Audience = "patient"
    intervention_kind: InterventionKind | None = None
    codes: tuple[CodeEntry, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As JSON data; what it does not have is left out."""
        data: dict[str, Any] = {"kind": self.kind, "id": self.id, "label": self.label, "pack": self.pack}
        if self.question is not None:
            data |= {"question": self.question, "ask_of": self.ask_of}
        if self.intervention_kind is not None:
            data["intervention_kind"] = self.intervention_kind
        return {**data, "codes": by_system(self.codes)} if self.codes else data


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterEntry:
    """A parameter of a pack, by its `name` ("acupuncture:min_signs"): its `value` here, its default, its bounds, its meaning."""

    name: str
    pack: str
    value: object
    default: object
    meaning: str
    ge: object = None
    le: object = None

    def to_data(self) -> dict[str, Any]:
        """As JSON data, with the values as people say them; a bound that it does not have is left out."""
        data = {"name": self.name, "pack": self.pack, "value": spoken(self.value), "default": spoken(self.default)}
        bounds = {name: spoken(bound) for name, bound in (("ge", self.ge), ("le", self.le)) if bound is not None}
        return {**data, **bounds, "meaning": self.meaning}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """A rule in words, by its `name` ("acupuncture:acute-strain").

    `when` and `then` are what it asks and concludes, `each` the patterns of the facts that the whole rule speaks of, `parameters`
    those it uses with their values here. `overrides` and `overridden_by` name rules; `replaces` is the rule whose place it takes.
    """

    name: str
    pack: str
    when: str
    then: tuple[str, ...]
    each: tuple[str, ...] = ()
    parameters: tuple[tuple[str, object], ...] = ()
    statements: tuple[Statement, ...] = ()
    overrides: tuple[str, ...] = ()
    overridden_by: tuple[str, ...] = ()
    replaces: str | None = None
    note: str | None = None

    def to_data(self) -> dict[str, Any]:
        """As JSON data; what it does not have is left out."""
        data: dict[str, Any] = {
            "id": self.name,
            "each": list(self.each),
            "when": self.when,
            "then": list(self.then),
            "parameters": {name: spoken(value) for name, value in self.parameters},
            "sources": [statement.cite for statement in self.statements],
            "overrides": list(self.overrides),
            "overridden_by": list(self.overridden_by),
            "replaces": self.replaces,
            "note": self.note,
        }
        return {name: value for name, value in data.items() if value}


def terms_of(linked: Linked) -> tuple[TermEntry, ...]:
    """Every declared term, by kind and id."""
    return tuple(
        TermEntry(
            kind=kind,
            id=id,
            label=term.label,
            pack=linked.owners[kind, id],
            question=getattr(term, "ask", None),
            ask_of=getattr(term, "ask_of", "patient"),
            intervention_kind=term.kind if isinstance(term, InterventionTerm) else None,
            codes=codes_of_term(linked, kind, id),
        )
        for (kind, id), term in sorted(linked.terms.items())
    )


def codes_of_term(linked: Linked, kind: str, id: str) -> tuple[CodeEntry, ...]:
    """The codes of a term: those that it was declared with, then those that other packs add."""
    given = [linked.terms[kind, id].codes, *(pack.codes.get(id, {}) for pack in linked.packs)]
    found = (
        CodeEntry(system, code, kind, id)
        for codes in given
        for system, several in codes.items()
        for code in ((several,) if isinstance(several, str) else several)
    )
    return tuple(dict.fromkeys(found))


def by_system(codes: tuple[CodeEntry, ...]) -> dict[str, list[str]]:
    """Codes as JSON data: those of each system."""
    found: dict[str, list[str]] = {}
    for one in codes:
        found.setdefault(one.system, []).append(one.code)
    return found


def parameters_in(linked: Linked) -> tuple[ParameterEntry, ...]:
    """Every parameter, by name, with its value here."""
    return tuple(
        ParameterEntry(
            name=name,
            pack=name.partition(":")[0],
            value=value,
            default=number.default,
            meaning=number.doc,
            ge=number.ge,
            le=number.le,
        )
        for name, (number, value) in linked.parameters.items()
    )


def rules_in(linked: Linked) -> tuple[RuleEntry, ...]:
    """Every rule that is not replaced, by name."""
    overrides: dict[str, list[str]] = {}
    for rule in linked.rules:
        for name in rule.overridden_by:
            overrides.setdefault(name, []).append(rule.name)
    return tuple(_rule(linked, rule, tuple(overrides.get(rule.name, ()))) for rule in linked.rules)


def _rule(linked: Linked, rule: LinkedRule, overrides: tuple[str, ...]) -> RuleEntry:
    names = Namer()
    return RuleEntry(
        name=rule.name,
        pack=rule.pack,
        when=render(rule.rule.premise, names),
        each=_patterns(rule, names),
        then=tuple(render_conclusion(template, names) for template in rule.rule.conclusions),
        parameters=parameters_of(linked, rule),
        statements=rule.rule.statements,
        overrides=overrides,
        overridden_by=rule.overridden_by,
        replaces=rule.replaces,
        note=rule.rule.note,
    )


def _patterns(rule: LinkedRule, names: Namer) -> tuple[str, ...]:
    """The facts that the whole rule speaks of and that its author narrowed down: `finding = each(Finding, condition=...)`."""
    nodes = list(walk(rule.rule.premise))
    mentioned = dict.fromkeys(v for node in nodes if not isinstance(node, Exists) for v in variables(node))
    inside = {v for node in nodes if isinstance(node, Exists) for v in variables(node)}
    return tuple(f"{names(v)} = {names.declared(v)}" for v in mentioned if v._where and v not in inside)


def parameters_of(linked: Linked, rule: LinkedRule) -> tuple[tuple[str, object], ...]:
    """The parameters that a rule uses, by qualified name, with their values here."""
    used: dict[str, object] = {c.parameter: c.value for c in constants(rule.body) if c.parameter}
    names = {number: name for name, (number, _) in linked.parameters.items()}
    for template in rule.rule.conclusions:
        for value in template.fields.values():
            for number in value.parameters if isinstance(value, Phrase) else (value,):
                if isinstance(number, Parameter):
                    used[names[number]] = linked.parameters[names[number]][1]
    return tuple(sorted(used.items()))


def sources_in(linked: Linked) -> tuple[Source, ...]:
    """The sources of the packs, each once, in the order of the packs."""
    listed: list[Source] = []
    for pack in linked.packs:
        listed += [source for source in pack.sources if source not in listed]
    return tuple(listed)


def codes_in(terms: tuple[TermEntry, ...]) -> tuple[CodeEntry, ...]:
    """The codes of these terms, by system and code."""
    return tuple(sorted(code for term in terms for code in term.codes))
