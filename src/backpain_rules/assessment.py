"""The result of assessing one case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final, TypeVar

from .change import Change, difference
from .engine.native import Native
from .engine.outcome import Outcome
from .errors import FactError, did_you_mean
from .explain.conflict import Conflict
from .explain.derivation import Derivation, show_all
from .explain.explainer import Explainer
from .explain.unknowns import Undecided, Unknown, bearing_on
from .explain.words import say_fact
from .facts.base import Fact, exact, to_data
from .facts.merged import group_of, merged
from .facts.types import Caution, Finding, Recommendation, Referral
from .ground.compile import compile_program
from .ground.nodes import Derived, Node, Stated, members
from .ground.whole import EmptyCase, State
from .ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from .ir.render import render
from .link.model import Linked
from .otherwise.asked import Conclusion
from .otherwise.robustness import Robustness
from .otherwise.smallest import Run, Smallest
from .otherwise.what_if import changed_case, with_parameters
from .otherwise.why_not import WhyNot, why_not
from .questions.asking import Asking
from .questions.case import Case
from .questions.question import Question
from .result_json import SECTIONS, ResultTexts
from .show.labels import ENGLISH, Labels
from .show.report import Report

F = TypeVar("F", bound=Fact)
NONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True)
class _Shown:
    """One conclusion as it is shown: compatible conclusions of one key are one, with all their supports."""

    fact: Fact
    numbers: tuple[int, ...]


class Assessment:
    """What follows from one case. Everything but the conclusions themselves is computed when it is asked for."""

    def __init__(self, outcome: Outcome, run: Run | None = None) -> None:
        self._outcome = outcome
        self._run = run

    @property
    def linked(self) -> Linked:
        """The rule base that it was made with."""
        return self._outcome.program.linked

    # --- conclusions ------------------------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The stated facts, in a canonical order."""
        return tuple(sorted(self._outcome.facts, key=exact))

    @cached_property
    def derived(self) -> tuple[Fact, ...]:
        """Every conclusion that is established, of any type, in a canonical order."""
        program = self._outcome.program
        if program.rivals.isdisjoint(self._outcome.established):
            return tuple([program.facts[number] for number in sorted(self._outcome.established)])
        return tuple(shown.fact for shown in self._shown)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The conditions that are found."""
        return self._of(Finding)

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """What is recommended."""
        return self._of(Recommendation)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What has to be taken care of."""
        return self._of(Caution)

    @property
    def referrals(self) -> tuple[Referral, ...]:
        """Who else should see the patient."""
        return self._of(Referral)

    def of(self, kind: type[F], /, **fields: object) -> tuple[F, ...]:
        """The conclusions of one type whose fields have these values."""
        for name in fields:
            if name not in kind.schema_.fields:
                raise FactError(f"{kind.__name__} has no field {name!r}{did_you_mean(name, kind.schema_.fields)}", field=name)
        found = self._of(kind)
        if fields:
            found = tuple(fact for fact in found if all(fact.__dict__[name] == value for name, value in fields.items()))
        return found

    def is_firm(self, fact: Fact) -> bool:
        """Whether this conclusion stays whatever further unknowns are answered."""
        evaluation = self._outcome.evaluation
        return all(evaluation.proposition(number) & CERTAIN for number in self._found(fact).numbers)

    @cached_property
    def fired(self) -> frozenset[str]:
        """The rules ("pack:rule") that fire in this case, overrides considered."""
        program, evaluation = self._outcome.program, self._outcome.evaluation
        asked = {i for number in self._outcome.established for i in program.producers[number]}
        return frozenset(program.instances[i].rule.name for i in asked if evaluation.instance(i) & ESTABLISHED)

    # --- what is wrong, what is open ----------------------------------------------------------------------------------

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Contradictory conclusions, and broken constraints."""
        return (*self._contradictions(), *self._broken())

    @cached_property
    def undecided(self) -> tuple[Undecided, ...]:
        """The conclusions that are possible and not established; it may list too much, as possible is an upper bound."""
        facts, states = self._outcome.program.facts, self._outcome.states
        if states is not None:
            possible = [(n, s) for n, s in enumerate(states.propositions) if s & (ESTABLISHED | POSSIBLE) == POSSIBLE]
            return tuple(Undecided(facts[n], self._resting_on(state)) for n, state in possible)
        evaluation = self._outcome.evaluation
        evaluation.settle_all()
        open_ = [n for n in range(len(facts)) if evaluation.proposition(n) & (ESTABLISHED | POSSIBLE) == POSSIBLE]
        return tuple(Undecided(facts[n], bearing_on(evaluation, (Derived(n),))) for n in open_)

    def next_questions(self, language: str = ENGLISH) -> tuple[Question, ...]:
        """What is worth asking next, the best first; empty when no answer can change the conclusions: decided exactly.

        Raises `MissingExtraError` without the extra `[prove]`, and `UnknownLanguageError`.
        """
        return self._outcome.program.once(Asking).all(Case(self._outcome.stated), self.labels(language))

    def rests_on(self, fact: Fact) -> tuple[Unknown, ...]:
        """The unknowns that a provisional conclusion rests on; none for a firm one."""
        return () if self.is_firm(fact) else bearing_on(self._outcome.evaluation, [Derived(n) for n in self._found(fact).numbers])

    def why(self, fact: Fact) -> Derivation:
        """The derivation of a conclusion: rules, premises, parameters and sources, down to the stated facts."""
        return self._explainer.derivation(self._found(fact).numbers, fact)

    def why_not(self, conclusion: Conclusion) -> WhyNot:
        """Why this is not concluded: each rule that could give it, premise by premise, and the smallest changes that bring it.

        `conclusion` is an id ("kidney_yin_deficiency", or with its pack "acupuncture:kidney_yin_deficiency"), a declared
        term, or a derived fact of which the fields that were given count. Raises a `FactError` for what is concluded, and for
        what rules do not conclude.
        """
        return why_not(self._outcome, self._assess, self._explainer, conclusion)

    def robustness(self, fact: Fact) -> Robustness:
        """The smallest changes of the stated facts that take a conclusion away: what it stands on, and how firmly."""
        return Robustness(fact, partial(Smallest, self._outcome, self._assess, self._found(fact).numbers, wanted=False))

    def what_if(
        self,
        insert: Iterable[Fact] = (),
        retract: Iterable[Fact] = (),
        replace: Iterable[Fact] = (),
        *,
        parameters: Mapping[Any, object] | None = None,
    ) -> Change:
        """What would be otherwise if these facts came, went, or took the place of others, or if parameters had other values.

        `parameters` are named as `KnowledgeBase` takes them; those not named keep their values. Facts are retracted first.
        Raises a `FactError` for a fact to retract that is not stated, or one to insert that contradicts another, and a
        `ParameterError` for a parameter that there is not.

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
        """Every conclusion with its derivation, as text: each after those that it rests on."""
        return show_all(map(self.why, self.derived))

    def report(self, language: str = ENGLISH) -> Report:
        """This result for people to read, in the labels of the packs; `Report.to_html` and `Report.to_markdown` write it.

        Raises `UnknownLanguageError` for a language that no loaded pack has words in.
        """
        derivations = tuple(map(self.why, self.derived))
        packs = self.linked.packs
        return Report(self.labels(language), packs, self.facts, derivations, self.conflicts, self.undecided)

    def labels(self, language: str = ENGLISH) -> Labels:
        """What words facts and explanations in the labels of the packs; `show(derivation, wording=...)` takes it."""
        return Labels(self.linked, language)

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()

    # --- as data ------------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """The result as JSON data."""
        data: dict[str, Any] = {name: [self._conclusion(f) for f in self.of(kind)] for name, kind in SECTIONS.items()}
        others = [f for f in self.derived if type(f) not in SECTIONS.values()]
        if others:
            data["others"] = [{"type": f.tag(), **self._conclusion(f)} for f in others]
        data["conflicts"] = [conflict.to_data() for conflict in self.conflicts]
        data["undecided"] = [undecided.to_data() for undecided in self.undecided]
        return data

    def to_json(self, *, indent: int | None = None) -> str:
        """The result as JSON text: the same bytes for the same facts and packs, in whatever order they came."""
        states = self._outcome.states
        program, established = self._outcome.program, self._outcome.established
        if states is None or indent is not None or not program.rivals.isdisjoint(established):
            return json.dumps(self.to_data(), ensure_ascii=False, indent=indent)
        conflicts = "[]"
        if states.breaks_constraint:
            conflicts = json.dumps([conflict.to_data() for conflict in self.conflicts], ensure_ascii=False)
        return program.once(ResultTexts).whole(established, states.propositions, conflicts)

    def __reduce__(self) -> tuple[Any, ...]:
        return Assessment, (self._outcome,)

    def __repr__(self) -> str:
        return f"Assessment({', '.join(say_fact(fact) for fact in self.derived) or 'nothing follows'})"

    # --- inside -------------------------------------------------------------------------------------------------------

    def _of(self, kind: type[F]) -> tuple[F, ...]:
        """The conclusions of one type, or of a type made from it."""
        outcome = self._outcome
        program, established = outcome.program, outcome.established
        found: list[Any] = []
        if program.rivals.isdisjoint(established):
            wanted, facts = program.of_type.get(kind, NONE), program.facts
            for number in sorted(established):  # in a loop: a comprehension costs a call
                if number in wanted:
                    found.append(facts[number])
        else:
            # Asked of the class, as isinstance on a model runs Python for each fact that is of another type.
            found += (fact for fact in self.derived if kind in type(fact).__mro__)
        return tuple(found)

    @cached_property
    def _assess(self) -> Run:
        """Assesses other cases under the same rules, with the engine that assessed this one if that is at hand."""
        return self._run or Native(compile_program(self.linked)).run

    def _firmness(self) -> dict[Fact, bool]:
        """The conclusions, each with whether it is firm."""
        evaluation = self._outcome.evaluation
        return {s.fact: all(evaluation.proposition(n) & CERTAIN for n in s.numbers) for s in self._shown}

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._outcome.evaluation)

    @cached_property
    def _groups(self) -> Mapping[tuple[object, ...], Sequence[int]]:
        """The established propositions of each (type, key)."""
        groups: dict[tuple[object, ...], list[int]] = {}
        facts = self._outcome.program.facts
        for number in sorted(self._outcome.established):
            fact = facts[number]
            groups.setdefault(group_of(fact), []).append(number)
        return groups

    @cached_property
    def _shown(self) -> tuple[_Shown, ...]:
        facts = self._outcome.program.facts
        found: list[_Shown] = []
        for numbers in self._groups.values():
            if len(numbers) == 1:
                found.append(_Shown(facts[numbers[0]], (numbers[0],)))
            elif (one := merged([facts[n] for n in numbers])) is not None:
                found.append(_Shown(one, tuple(numbers)))
            else:
                found += [_Shown(facts[n], (n,)) for n in numbers]
        return tuple(sorted(found, key=lambda shown: exact(shown.fact)))

    def _found(self, fact: Fact) -> _Shown:
        if not isinstance(fact, Fact):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FactError(f"{fact!r} is no conclusion; take one from result.derived or result.of(...)", fact=fact)
        for shown in self._shown:
            if shown.fact == fact:
                return shown
        number = self._outcome.program.numbers.get(fact)
        if number in self._outcome.established and number is not None:
            return _Shown(fact, (number,))
        near = ", ".join(say_fact(f) for f in self.of(type(fact))) or "none of this type"
        raise FactError(f"{say_fact(fact)} is not among the conclusions; there are: {near}", fact=fact)

    def _conclusion(self, fact: Fact) -> dict[str, Any]:
        data = to_data(fact)
        del data["type"]
        data["firm"] = self.is_firm(fact)
        if not data["firm"]:
            data["rests_on"] = [unknown.to_data() for unknown in self.rests_on(fact)]
        return data

    def _resting_on(self, state: State) -> tuple[Unknown, ...]:
        empty = self._outcome.program.once(EmptyCase)
        return tuple([Unknown(*empty.gaps[number].place, empty.gaps[number].slot) for number in empty.numbers(state)])

    def _contradictions(self) -> list[Conflict]:
        facts = self._outcome.program.facts
        found: list[Conflict] = []
        for numbers in self._groups.values():
            together = tuple(facts[n] for n in numbers)
            if len(numbers) > 1 and merged(together) is None:
                key = ", ".join(str(together[0].__dict__[n]) for n in together[0].schema_.keys if together[0].__dict__[n])
                derivations = tuple(self._explainer.derivation((n,), facts[n]) for n in numbers)
                found.append(Conflict("contradiction", f"{together[0].tag()} {key}", together, derivations))
        return found

    def _broken(self) -> list[Conflict]:
        evaluation = self._outcome.evaluation
        found: list[Conflict] = []
        for instance in self._outcome.program.constraints:
            if evaluation.node(instance.body) & ESTABLISHED:
                stated, numbers = self._behind(instance.body)
                facts = (*sorted(stated, key=exact), *(self._outcome.program.facts[n] for n in numbers))
                derivations = tuple(self._explainer.derivation((n,), self._outcome.program.facts[n]) for n in numbers)
                constraint = instance.constraint
                about = f"{constraint.name}: never {render(constraint.constraint.premise).removeprefix('all_of')}"
                found.append(Conflict("constraint", about, facts, derivations, constraint.constraint.statements, constraint.name))
        return found

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
