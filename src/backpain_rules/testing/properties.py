"""What must hold of every pack, as properties that are tried on many cases. A failure prints a case that can be pasted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ..assessment import Assessment
from ..errors import FactError
from ..explain.derivation import Derivation, PremiseState
from ..facts.base import Fact, to_data
from ..ir.premise_reader import premise_from_data
from ..ir.premises import SignSet
from ..ir.serialize import premise_to_data
from ..knowledge import KnowledgeBase
from ..link.model import LinkedRule
from ..pack import Pack
from ..terms import SymptomTerm
from .source_code import to_source
from .strategies import cases, completions

Case: TypeAlias = Sequence[Fact]


@dataclass(frozen=True)
class Subject:
    """The pack that is looked at, in a knowledge base with all that it requires."""

    kb: KnowledgeBase
    pack: Pack
    max_examples: int = 50

    @property
    def rules(self) -> tuple[LinkedRule, ...]:
        """The rules of the pack that no other replaces."""
        return tuple(rule for rule in self.kb.rule_base.rules if rule.pack == self.pack.id)


def subject(pack: Pack | str, *, max_examples: int = 50) -> Subject:
    """A pack, installed (by name) or not, with the installed packs that it requires."""
    if isinstance(pack, str):
        kb = KnowledgeBase.load(pack)
        return Subject(kb, next(p for p in kb.packs if p.id == pack), max_examples)
    needed = KnowledgeBase.load(*pack.requires).packs if pack.requires else ()
    return Subject(KnowledgeBase([*(p for p in needed if p.id != pack.id), pack]), pack, max_examples)


def ends_and_order_does_not_matter(s: Subject) -> None:
    """Every case has a result, the same whatever the order of its facts."""

    def check(case: Case, data: DataObject) -> None:
        expected = s.kb.assess(case).to_json()
        turned = data.draw(st.permutations(case))
        _hold(s.kb.assess(turned).to_json() == expected, "another order gives another result", case, turned)

    _on_cases(s, check)


def firm_conclusions_stay(s: Subject) -> None:
    """A firm conclusion stays whatever is answered, as long as the answers can all be true together."""

    def check(case: Case, data: DataObject) -> None:
        result = s.kb.assess(case)
        firm = {fact for fact in result.derived if result.is_firm(fact)}
        answered = data.draw(completions(s.kb, case))
        later = s.kb.assess(answered)
        kept = {fact for fact in firm if _is_still(fact, later.derived)}
        _hold(kept == firm, f"firm, and yet gone: {sorted(map(repr, firm - kept))}", case, answered)

    _on_cases(s, check)


def no_constraint_is_broken_by_conclusions(s: Subject) -> None:
    """Conclusions break no constraint of the pack; a case that breaks one by what it states is not looked at."""

    def check(case: Case, data: DataObject) -> None:
        for conflict in s.kb.assess(case).conflicts:
            own = conflict.constraint is not None and conflict.constraint.startswith(f"{s.pack.id}:")
            _hold(not (own and conflict.derivations), f"broken: {conflict}", case)

    _on_cases(s, check)


def rules_do_what_their_cases_say(s: Subject) -> None:
    """Each rule fires on every case under `fires_on`, and on none under `silent_on`."""
    for rule in s.rules:
        for case in rule.rule.fires_on:
            result = s.kb.assess(case)
            if rule.name not in result.fired:
                told = "\n\n".join(_why_not(s, rule, result))
                _hold(False, f"{rule.name} does not fire on this case of its fires_on\n\n{told}", case)
        for case in rule.rule.silent_on:
            result = s.kb.assess(case)
            if rule.name in result.fired:
                told = "\n\n".join(str(result.why(fact)) for fact in result.derived if _is_by(result.why(fact), rule.name))
                _hold(False, f"{rule.name} fires on this case of its silent_on\n\n{told}", case)


def every_rule_can_fire_and_be_silent(s: Subject) -> None:
    """For each rule there is a case in which it fires, overrides considered, and one in which it does not."""
    fired: set[str] = set()
    silent: set[str] = set()
    names = {rule.name for rule in s.rules}

    def look(case: Case) -> None:
        now = s.kb.assess(case).fired
        fired.update(now)
        silent.update(names - now)

    look(())
    for rule in s.rules:
        for case in (*rule.rule.fires_on, *rule.rule.silent_on):
            look(case)
    if not names <= fired & silent:
        _on_cases(s, lambda case, data: look(case), examples=s.max_examples * 4)
    _hold(names <= fired, f"never seen to fire, or always overridden: {', '.join(sorted(names - fired))}")
    _hold(names <= silent, f"never seen to be silent: {', '.join(sorted(names - silent))}")


def every_conclusion_explains_itself(s: Subject) -> None:
    """Each conclusion leads down to stated facts, and every rule of the pack on the way cites a source."""

    written = frozenset(f"{s.pack.id}:{rule.id}" for rule in s.pack.rules)  # and not the rules that the library adds

    def check(case: Case, data: DataObject) -> None:
        result = s.kb.assess(case)
        for fact in result.derived:
            trouble = next(_gaps(result.why(fact), written, {*case}), None)
            _hold(trouble is None, f"{fact!r}: {trouble}", case)

    _on_cases(s, check)


def rules_and_cases_come_back_from_json(s: Subject) -> None:
    """Each premise of the pack, and each case, is the same after it was written as JSON and read again."""
    linked = s.kb.rule_base
    signs: dict[str, SignSet] = {name.partition(":")[2]: one for name, one in linked.sign_sets.items()}
    numbers = {name.partition(":")[2]: number for name, (number, _) in linked.parameters.items()}
    for rule in s.rules:
        text = json.dumps(premise_to_data(rule.rule.premise))
        again = premise_from_data(
            json.loads(text),
            fact_types=linked.fact_types,
            parameters=numbers,
            sign_sets=signs,
            quantities=linked.quantities,
        )
        _hold(json.dumps(premise_to_data(again)) == text, f"the premise of {rule.name} is another after JSON")

    def check(case: Case, data: DataObject) -> None:
        again = s.kb.read_case(json.dumps({"facts": [to_data(fact) for fact in case]}))
        _hold(list(again) == list(case), "the case is another after JSON", case)

    _on_cases(s, check)


def symptoms_have_questions(s: Subject) -> None:
    """Each symptom that the pack declares can be asked for."""
    silent = [term.id for term in s.pack.terms if isinstance(term, SymptomTerm) and not term.ask]
    _hold(not silent, f"no question asks for {', '.join(silent)}")


PROPERTIES: Final[Mapping[str, Callable[[Subject], None]]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            ends_and_order_does_not_matter,
            firm_conclusions_stay,
            no_constraint_is_broken_by_conclusions,
            rules_do_what_their_cases_say,
            every_rule_can_fire_and_be_silent,
            every_conclusion_explains_itself,
            rules_and_cases_come_back_from_json,
            symptoms_have_questions,
        )
    }
)
"""Every ready-made property, by name."""


# --- inside -----------------------------------------------------------------------------------------------------------


def _on_cases(s: Subject, check: Callable[[Case, DataObject], None], examples: int | None = None) -> None:
    @given(cases(s.kb), st.data())
    @settings(
        max_examples=examples or s.max_examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target, Phase.shrink],  # `explain` traces every line, and the case says enough
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    def run(case: Case, data: DataObject) -> None:
        check(case, data)

    run()


def _hold(holds: bool, what: str, *told: Case) -> None:
    if not holds:
        pasted = f"\n\n{to_source([], *told)}" if told else ""
        raise AssertionError(what + pasted)


def _why_not(s: Subject, rule: LinkedRule, result: Assessment) -> Iterator[str]:
    """Why a rule does not fire: premise by premise, for each kind of thing that it concludes."""
    for template in rule.templates:
        vocabulary = template.kind.schema_.fields[template.kind.schema_.keys[0]].vocabulary
        head = template.constants.get(template.kind.schema_.keys[0])
        if head is None or (vocabulary is None and not isinstance(head, str)):
            continue
        try:
            yield str(result.why_not(str(head)))
        except FactError as error:  # another rule concludes it
            yield error.message


def _is_by(derivation: Derivation, rule: str) -> bool:
    return any(support.rule == rule for support in derivation.supports)


def _is_still(fact: Fact, derived: Sequence[Fact]) -> bool:
    """Whether a conclusion stands, be it as a part of one that says more."""
    said = {name: value for name, value in fact.__dict__.items() if value is not None and name in type(fact).model_fields}
    return any(type(f) is type(fact) and all(f.__dict__[n] == v for n, v in said.items()) for f in derived)


def _gaps(derivation: Derivation, written: Set[str], case: set[Fact]) -> Iterator[str]:
    """What is missing on the way down; `written` are the names of the rules that should cite a source."""
    if not derivation.supports:
        yield "no rule supports it"
    for support in derivation.supports:
        if support.rule in written and not support.sources:
            yield f"rule {support.rule} cites no source"
        for premise in support.premises:
            yield from _gaps_of(premise, written, case)


def _gaps_of(premise: PremiseState, written: Set[str], case: set[Fact]) -> Iterator[str]:
    if premise.state in ("unknown", "false"):
        yield f"rests on a premise that does not hold: {premise.text}"
    if not case.issuperset(premise.stated):
        yield f"names a fact that nobody stated: {premise.text}"
    if premise.derivation is not None:
        yield from _gaps(premise.derivation, written, case)
    for part in premise.parts if premise.state == "true" else ():
        yield from _gaps_of(part, written, case)
