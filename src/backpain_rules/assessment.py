"""The result of assessing one case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, partial
from typing import Any, Final, TypeVar

from .arguments import one_of
from .change import Change, difference
from .deadline import Deadline
from .engine.case import unknown_id
from .engine.native import Native
from .engine.outcome import Outcome
from .errors import FactError, did_you_mean, shown
from .explain.conflict import Conflict
from .explain.derivation import Derivation, show_all
from .explain.explainer import Explainer
from .explain.quantities import QuantityValue, quantities_of
from .explain.unknowns import Undecided, Unknown, unknowns_of
from .explain.words import say_fact
from .facts.base import Fact, exact
from .facts.merged import group_of, merged, together
from .facts.types import Caution, Finding, Recommendation, Referral, is_emergency
from .ground.compile import compile_program
from .ground.nodes import Derived, Node, Stated, members
from .ground.states import State, every
from .ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from .ir.expressions import Named, check_value
from .ir.render import render
from .link.model import Linked
from .otherwise.asked import Conclusion
from .otherwise.robustness import Robustness
from .otherwise.smallest import Run, Smallest
from .otherwise.what_if import changed_case, with_parameters
from .otherwise.why_not import WhyNot, why_not
from .questions.asking import asking
from .questions.case import Case
from .questions.question import Question
from .result_json import ResultTexts, Shown
from .show.labels import ENGLISH, Labels
from .show.report import Report
from .terms import AUDIENCES, Audience

F = TypeVar("F", bound=Fact)
NONE: Final[frozenset[int]] = frozenset()


class Assessment:
    """The result of one case. Everything except the conclusions is computed on first access."""

    def __init__(self, outcome: Outcome, run: Run | None = None) -> None:
        self._outcome = outcome
        self._run = run

    @property
    def linked(self) -> Linked:
        """The rule base it was made with."""
        return self._outcome.linked

    # --- conclusions ------------------------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The stated facts, in canonical order."""
        return tuple(sorted(self._outcome.facts, key=exact))

    @cached_property
    def derived(self) -> tuple[Fact, ...]:
        """All established conclusions of any type, in canonical order."""
        if self._outcome.concluded is not None:
            return together(self._outcome.concluded)
        program = self._outcome.program
        if program.rivals.isdisjoint(self._outcome.established):
            return tuple([program.facts[number] for number in sorted(self._outcome.established)])
        return tuple(shown.fact for shown in self._shown)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The conditions found."""
        return self._of(Finding)

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """The recommended interventions."""
        return self._of(Recommendation)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """The cautions."""
        return self._of(Caution)

    @property
    def referrals(self) -> tuple[Referral, ...]:
        """The referrals to others."""
        return self._of(Referral)

    @property
    def emergencies(self) -> tuple[Referral, ...]:
        """The referrals with the urgency "emergency", including provisional ones. They call for action at once."""
        return tuple(filter(is_emergency, self.referrals))

    def of(self, kind: type[F], /, **fields: object) -> tuple[F, ...]:
        """The conclusions of one type with these field values.

        Raises a `FactError` for an unknown field, `UnknownIdError` for an id that no pack declares, and `FieldValueError` for any
        other value that the field cannot have.
        """
        if not (isinstance(kind, type) and issubclass(kind, Fact)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FactError(f"of({shown(kind)}): the first argument is a fact type, such as Finding", value=kind)
        for name, value in fields.items():
            if name not in kind.schema_.fields:
                raise FactError(f"{kind.__name__} has no field {name!r}{did_you_mean(name, kind.schema_.fields)}", field=name)
            if value is None:
                continue
            vocabulary = kind.schema_.fields[name].vocabulary
            if vocabulary is None:
                check_value(kind, name, value)
            elif not isinstance(value, str):
                hint = f"; write {name}={value.id!r}" if isinstance(value, Named) else ""
                raise FactError(f"of: {kind.__name__}.{name} takes an id, not {shown(value)}{hint}", field=name, value=value)
            elif (vocabulary, value) not in self.linked.terms:
                raise unknown_id(self.linked, f"of: {kind.__name__}.{name}", vocabulary, value)
        found = self._of(kind)
        if fields:
            found = tuple(fact for fact in found if all(fact.__dict__[name] == value for name, value in fields.items()))
        return found

    def is_firm(self, fact: Fact) -> bool:
        """Whether no answer to an open question can remove this conclusion."""
        return bool(self._state(self._found(fact)) & CERTAIN)

    @cached_property
    def fired(self) -> frozenset[str]:
        """The rules ("pack:rule") that fire in this case and are not overridden."""
        program, evaluation = self._outcome.program, self._outcome.evaluation
        asked = {i for number in self._outcome.established for i in program.producers[number]}
        return frozenset(program.instances[i].rule.name for i in asked if evaluation.instance(i) & ESTABLISHED)

    # --- what is wrong, what is open ----------------------------------------------------------------------------------

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The contradictory conclusions and the broken constraints."""
        return (*self._contradictions(), *self._broken())

    @cached_property
    def undecided(self) -> tuple[Undecided, ...]:
        """The conclusions that are possible but not established. May list too many, because "possible" is an upper bound."""
        facts, evaluation = self._outcome.program.facts, self._outcome.evaluation
        return tuple([Undecided(facts[n], unknowns_of(evaluation, evaluation.propositions[n])) for n in self._open])

    @cached_property
    def _open(self) -> tuple[int, ...]:
        states = enumerate(self._outcome.evaluation.propositions)
        return tuple([n for n, state in states if state & (ESTABLISHED | POSSIBLE) == POSSIBLE])

    def next_questions(
        self, language: str = ENGLISH, *, audience: Audience = "practitioner", seconds: float | None = None
    ) -> tuple[Question, ...]:
        """The questions worth asking, the best first. Empty exactly if no answers can change the conclusions.

        A "patient" is not asked about signs that only a practitioner can see. After `seconds`, the questions not yet proved to
        matter come last and are not `proved`. Raises `MissingExtraError` without the extra `[prove]`, and `UnknownLanguageError`.
        """
        one_of("next_questions", "audience", audience, AUDIENCES)
        return asking(self._outcome.program, audience).all(
            Case(self._outcome.stated), self.labels(language), Deadline.after(seconds)
        )

    def rests_on(self, fact: Fact) -> tuple[Unknown, ...]:
        """The unknowns that a provisional conclusion depends on; empty for a firm one."""
        return unknowns_of(self._outcome.evaluation, self._state(self._found(fact)))

    def why(self, fact: Fact) -> Derivation:
        """The derivation of a conclusion: rules, premises, parameters and sources, down to the stated facts."""
        return self._derivation(self._found(fact).numbers, fact)

    def why_not(self, conclusion: Conclusion, *, seconds: float | None = None) -> WhyNot:
        """Why this is not concluded: each rule that could give it, premise by premise, and the smallest changes that add it.

        `conclusion` is an id ("kidney_yin_deficiency", or with its pack "acupuncture:kidney_yin_deficiency"), a declared term, or
        a derived fact, of which only the given fields count. `seconds` limits the search for changes and the search for
        questions, each; if one does not finish, the answer is not `complete`. Raises a `FactError` if it is concluded, or if no
        rule can conclude it.
        """
        whole, run = self._outcome.whole, self._assess
        explainer = self._explainer if whole.program is self._explainer.program else Explainer(whole.evaluation)
        return why_not(whole, lambda facts: run(facts).whole, explainer, conclusion, seconds)

    def robustness(self, fact: Fact, *, seconds: float | None = None) -> Robustness:
        """The smallest changes of the stated facts that remove a conclusion.

        `seconds` limits the search; the answer so far is then not `complete`.
        """
        numbers = self._found(fact).numbers
        Deadline.after(seconds)  # refuse a bad number now, not when the changes are read

        def search(deadline: Deadline) -> Smallest:
            return Smallest(self._outcome, self._assess, numbers, wanted=False, deadline=deadline)

        return Robustness(fact, search, seconds)

    def what_if(
        self,
        insert: Iterable[Fact] = (),
        retract: Iterable[Fact] = (),
        replace: Iterable[Fact] = (),
        *,
        parameters: Mapping[Any, object] | None = None,
    ) -> Change:
        """The change of the conclusions if these facts were inserted, retracted or replaced, or if parameters had other values.

        Name `parameters` as for `KnowledgeBase`; the others keep their values. Facts are retracted first. Raises a `FactError` if
        a fact to retract is not stated or a fact to insert contradicts another, and a `ParameterError` for an unknown parameter.

        >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
        >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
        >>> rule = Rule("chill", when=COLD, then=CHILL.finding())
        >>> result = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule])]).assess([COLD.absent])
        >>> print(result.what_if(replace=[COLD.present]))
        + chill
        """
        facts, inserted, retracted = changed_case(self._outcome, insert, retract, replace)
        run, changed = (self._assess, ()) if parameters is None else with_parameters(self.linked, parameters)
        after = Assessment(run(facts), run)
        return difference(self._firmness(), after._firmness(), inserted=inserted, retracted=retracted, parameters=changed)

    def explain(self) -> str:
        """Every conclusion with its derivation, as text, dependencies first."""
        return show_all(map(self.why, self.derived))

    def report(self, language: str = ENGLISH, *, audience: Audience = "practitioner", dated: date | None = None) -> Report:
        """This result as a report for people, in the labels of the packs. Write it with `to_html` or `to_markdown`.

        `dated` is the date on the report. A "patient" reads which answers are missing; a "practitioner" also reads which
        conclusions depend on them. Raises `UnknownLanguageError` for a language without words in any loaded pack, and
        `DefinitionError` for another audience.
        """
        one_of("report", "audience", audience, AUDIENCES)
        derivations = tuple(map(self.why, self.derived))
        labels, packs = self.labels(language), self.linked.packs
        quantities = tuple(self.quantities.values())
        return Report(labels, packs, self.facts, derivations, self.conflicts, self.undecided, audience, dated, quantities)

    def labels(self, language: str = ENGLISH) -> Labels:
        """The wording of facts and explanations in the labels of the packs. Pass it to `show(derivation, wording=...)`."""
        return Labels(self.linked, language)

    @cached_property
    def quantities(self) -> Mapping[str, QuantityValue]:
        """The quantities of the packs, by id: the bounds and the unknowns of each.

        >>> from backpain_rules import KnowledgeBase, Pack, quantity, score, symptom
        >>> a, b = symptom("a", "A", ask="A?"), symptom("b", "B", ask="B?")
        >>> total = quantity("sum", "Sum", score((2, a), (1, b)))
        >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", quantities=[total])])
        >>> print(kb.assess([a.present]).quantities["sum"])
        Sum: 2 to 3 of 3
        │  not known: b
        ├─ + 2: a
        └─ ? 1: b
        """
        return quantities_of(self._outcome.evaluation)

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()

    # --- as data ------------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """The result as JSON data."""
        data: dict[str, Any] = json.loads(self.to_json())
        return data

    def to_json(self, *, indent: int | None = None) -> str:
        """The result as JSON text. The same facts and packs give the same bytes in any order."""
        if indent is not None:
            return json.dumps(self.to_data(), ensure_ascii=False, indent=indent)
        conflicts = json.dumps([conflict.to_data() for conflict in self.conflicts], ensure_ascii=False)
        shown = [(one, self._state(one)) for one in self._shown]
        quantities = json.dumps([one.to_data() for one in self.quantities.values()], ensure_ascii=False)
        return self._outcome.program.once(ResultTexts).whole(shown, self._outcome.evaluation.propositions, conflicts, quantities)

    def __reduce__(self) -> tuple[Any, ...]:
        return Assessment, (self._outcome,)

    def __repr__(self) -> str:
        return f"Assessment({', '.join(say_fact(fact) for fact in self.derived) or 'nothing follows'})"

    # --- inside -------------------------------------------------------------------------------------------------------

    def _of(self, kind: type[F]) -> tuple[F, ...]:
        """The conclusions of one type and its subclasses."""
        outcome = self._outcome
        if outcome.concluded is not None:
            return together([fact for fact in outcome.concluded if kind in type(fact).__mro__])  # type: ignore[return-value]
        program, established = outcome.program, outcome.established
        found: list[Any] = []
        if program.rivals.isdisjoint(established):
            wanted, facts = program.of_type.get(kind, NONE), program.facts
            for number in sorted(established):  # a loop: a comprehension costs a call
                if number in wanted:
                    found.append(facts[number])
        else:
            # issubclass on the class: isinstance on a pydantic model runs Python code for each fact of another type
            found += (fact for fact in self.derived if kind in type(fact).__mro__)
        return tuple(found)

    @cached_property
    def _assess(self) -> Run:
        """Assesses other cases under the same rules, with the same engine if it is available."""
        return self._run or Native(compile_program(self.linked)).run

    def _firmness(self) -> dict[Fact, bool]:
        """The conclusions, each with its firmness."""
        return {shown.fact: bool(self._state(shown) & CERTAIN) for shown in self._shown}

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._outcome.explained.evaluation)

    @cached_property
    def _together(self) -> tuple[tuple[tuple[int, ...], Fact | None], ...]:
        """The established propositions grouped by key, with the merged fact of each group; None for a contradiction."""
        program = self._outcome.program
        groups: dict[tuple[object, ...], list[int]] = {}
        for number in sorted(program.rivals.intersection(self._outcome.established)):
            groups.setdefault(group_of(program.facts[number]), []).append(number)
        return tuple((tuple(g), merged([program.facts[n] for n in g])) for g in groups.values() if len(g) > 1)

    @cached_property
    def _shown(self) -> tuple[Shown, ...]:
        facts = self._outcome.program.facts
        found = [Shown(one, numbers) for numbers, one in self._together if one is not None]
        alone = sorted({*self._outcome.established}.difference(*(shown.numbers for shown in found)))
        singles = [Shown(facts[number], (number,)) for number in alone]
        return tuple(sorted([*singles, *found], key=lambda shown: exact(shown.fact)) if found else singles)

    @cached_property
    def _by_fact(self) -> dict[Fact, Shown]:
        return {one.fact: one for one in self._shown}

    def _state(self, shown: Shown) -> State:
        """The bits of a presented conclusion, with the unknowns it depends on. It is firm if all its parts are."""
        return every(shown.numbers, self._outcome.evaluation.propositions)

    def _found(self, fact: Fact) -> Shown:
        if not isinstance(fact, Fact):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FactError(f"{fact!r} is no conclusion; take one from result.derived or result.of(...)", fact=fact)
        if fact in self._by_fact:
            return self._by_fact[fact]
        number = self._outcome.program.numbers.get(fact)
        if number in self._outcome.established and number is not None:
            return Shown(fact, (number,))
        near = ", ".join(say_fact(f) for f in self.of(type(fact))) or "none of this type"
        raise FactError(f"{say_fact(fact)} is not among the conclusions; there are: {near}", fact=fact)

    def _contradictions(self) -> list[Conflict]:
        found: list[Conflict] = []
        for numbers, one in self._together:
            if one is None:
                facts = tuple(self._outcome.program.facts[n] for n in numbers)
                key = ", ".join(str(facts[0].__dict__[n]) for n in facts[0].schema_.keys if facts[0].__dict__[n])
                found.append(Conflict("contradiction", f"{facts[0].tag()} {key}", facts, partial(self._derivations, numbers)))
        return found

    def _broken(self) -> list[Conflict]:
        program = self._outcome.program
        found: list[Conflict] = []
        for instance in map(program.constraints.__getitem__, self._outcome.evaluation.broken()):
            stated, numbers = self._behind(instance.body)
            facts = (*sorted(stated, key=exact), *(program.facts[n] for n in numbers))
            constraint = instance.constraint
            about = f"{constraint.name}: never {render(constraint.constraint.premise).removeprefix('all_of')}"
            sources, derive = constraint.constraint.statements, partial(self._derivations, numbers)
            found.append(Conflict("constraint", about, facts, derive, sources, constraint.name))
        return found

    def _derivations(self, numbers: Iterable[int]) -> tuple[Derivation, ...]:
        facts = self._outcome.program.facts
        return tuple(self._derivation((number,), facts[number]) for number in numbers)

    def _derivation(self, numbers: Iterable[int], fact: Fact) -> Derivation:
        facts, explained = self._outcome.program.facts, self._explainer.program
        if explained is not self._outcome.program:
            numbers = [explained.numbers[facts[number]] for number in numbers]
        return self._explainer.derivation(tuple(numbers), fact)

    def _behind(self, node: Node) -> tuple[set[Fact], list[int]]:
        """The stated facts and the established propositions that a node reads."""
        evaluation = self._outcome.evaluation
        stated: set[Fact] = set()
        numbers: dict[int, None] = {}
        stack = [node]
        while stack:
            here = stack.pop()
            if isinstance(here, Stated):
                places = evaluation.program.places(here.atom)
                stated.update(fact for place in places if (fact := evaluation.stated.get(place)) is not None)
            elif isinstance(here, Derived) and evaluation.proposition(here.proposition) & ESTABLISHED:
                numbers[here.proposition] = None
            stack.extend(members(here))
        return stated, sorted(numbers)
