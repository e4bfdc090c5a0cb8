"""Packs and cases as Python that can be pasted: what a counterexample looks like when it is to be kept."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..analysis.case_set import TestCases
from ..errors import PremiseError
from ..facts.base import Fact
from ..facts.types import TREATMENT
from ..ir.conclusions import Conclusion, Phrase
from ..ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Named, Parameter, Premise, Ref, Variable
from ..ir.premises import (
    AllOf,
    AnyOf,
    AtLeast,
    Count,
    Exists,
    IsKnown,
    IsUnknown,
    Matches,
    Not,
    SignSet,
    Unless,
)
from ..ir.quantities import Quantity, Score
from ..pack import Pack
from ..rule import Constraint, Rule
from ..terms import ConditionTerm, InterventionTerm, Term

CALLS = {AllOf: "all_of", AnyOf: "any_of", Not: "not_", Unless: "unless", IsUnknown: "is_unknown", IsKnown: "is_known"}


def to_source(packs: Sequence[Pack], *cases: Iterable[Fact]) -> str:
    """A module that defines `packs` and, if any are given, `cases`; it runs as it stands.

    Sources, labels and notes are left out: they have no part in what follows.
    """
    writer = _Writer()
    listed = [writer.pack(pack) for pack in packs]
    told = [f"[{', '.join(writer.fact(fact) for fact in case)}]" for case in cases]
    imports = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(writer.imports.items())]
    lines = ["from datetime import date, datetime, timedelta", *imports, "", *writer.lines, "", f"packs = [{', '.join(listed)}]"]
    return "\n".join([*lines, *([f"cases = [{', '.join(told)}]"] if told else [])]) + "\n"


def to_tests(cases: TestCases, packs: Sequence[str], parameters: Mapping[str, object]) -> str:
    """A test module for pytest that holds the installed packs to these cases, under parameter values that are not the usual ones.

    It looks at conclusions and at how firm they are; what is undecided is left out.
    """
    writer = _Writer()
    writer.imports["backpain_rules"].add("KnowledgeBase")
    told: list[str] = []
    for case in cases:
        facts = ", ".join(map(writer.fact, case.facts))
        expected = "".join(f"\n            {writer.fact(one.fact)}: {one.firm}," for one in case.expected)
        told += [f"    # {goal}" for goal in case.shows]
        told.append(f"    (\n        [{facts}],\n        {{{expected}{chr(10) + ' ' * 8 if expected else ''}}},\n    ),")
    arguments = [*map(repr, packs)]
    if parameters:
        values = ", ".join(f"{name!r}: {writer.value(value)}" for name, value in sorted(parameters.items()))
        arguments.append(f"parameters={{{values}}}")
    imports = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(writer.imports.items())]
    return "\n".join(
        [
            '"""Each premise of the rules decides in some of these cases; True is firm, False provisional."""',
            "",
            "from datetime import date, datetime, timedelta",
            "",
            "import pytest",
            *imports,
            "",
            f"KB = KnowledgeBase.load({', '.join(arguments)})",
            "CASES = [",
            *told,
            "]",
            "",
            "",
            '@pytest.mark.parametrize(("facts", "expected"), CASES)',
            "def test_what_follows(facts, expected):",
            "    result = KB.assess(facts)",
            "    assert {fact: result.is_firm(fact) for fact in result.derived} == expected",
        ]
    )


class _Writer:
    def __init__(self) -> None:
        self.imports: dict[str, set[str]] = {"backpain_rules": set()}
        self.lines: list[str] = []
        self._names: dict[object, str] = {}

    # --- packs --------------------------------------------------------------------------------------------------------

    def pack(self, pack: Pack) -> str:
        fields = [repr(pack.id), f"version={pack.version!r}", f"title={pack.title!r}"]
        if pack.requires:
            fields.append(f"requires={list(pack.requires)!r}")
        fields += self._list("terms", [self.term(term) for term in pack.terms])
        fields += self._list("parameters", [self.expression(number) for number in pack.parameters])
        fields += self._list("sign_sets", [self.signs(signs) for signs in pack.sign_sets])
        fields += self._list("quantities", [self.expression(one) for one in pack.quantities])
        fields += self._list("fact_types", [self.kind(kind) for kind in pack.fact_types])
        fields += self._list("rules", [self.rule(rule) for rule in pack.rules])
        fields += self._list("constraints", [self.constraint(constraint) for constraint in pack.constraints])
        extends = (", ".join([self._sign_target(e.target), *map(self.premise, e.members)]) for e in pack.extends)
        fields += self._list("extends", [f"{self._face('extend')}({arguments})" for arguments in extends])
        return self._named(pack, pack.id, f"{self._face('Pack')}({', '.join(fields)})")

    def rule(self, rule: Rule) -> str:
        then = ", ".join(map(self.conclusion, rule.conclusions))
        fields = [repr(rule.id), f"when={self.premise(rule.premise)}", f"then=[{then}]"]
        if rule.targets:
            fields.append(f"overrides=[{', '.join(map(self._target, rule.targets))}]")
        if rule.replaces is not None:
            fields.append(f"replaces={self._target(rule.replaces)}")
        return self._named(rule, rule.id, f"{self._face('Rule')}({', '.join(fields)})")

    def constraint(self, constraint: Constraint) -> str:
        premise = constraint.premise
        members = premise.members if isinstance(premise, AllOf) else (premise,)
        text = f"{self._face('never')}({', '.join([repr(constraint.id), *map(self.premise, members)])})"
        return self._named(constraint, constraint.id, text)

    def conclusion(self, template: Conclusion[Any]) -> str:
        said = [f"{name}={self._field(value)}" for name, value in template.fields.items() if name in template.said]
        return f"{self._face('conclude')}({', '.join([self.kind(template.kind), *said])})"

    def _field(self, value: object) -> str:
        if isinstance(value, Phrase):
            numbers = "".join(f", {self.expression(number)}" for number in value.parameters)
            return f"{self._face('phrase')}({value.text!r}{numbers})"
        return self.value(value)

    def _target(self, target: object) -> str:
        if isinstance(target, type):
            return self.kind(target)
        if isinstance(target, Rule):
            return self.rule(target)
        if isinstance(target, Variable):
            return self.variable(target)
        return self.conclusion(target) if isinstance(target, Conclusion) else repr(target)

    def _sign_target(self, target: SignSet | str) -> str:
        return repr(target) if isinstance(target, str) else self.signs(target)

    # --- premises -------------------------------------------------------------------------------------------------------

    def premise(self, node: Premise) -> str:
        match node:
            case Matches(variable=variable):
                return self.variable(variable)
            case Compare(op=op, left=left, right=right) | CompareQuantity(op=op, left=left, right=right):
                return f"({self.expression(left)} {op} {self.expression(right)})"
            case Exists(variables=variables, body=body):
                if len(variables) != 1:
                    raise PremiseError("an exists over several facts at once cannot be written as an author writes it")
                inside = body.members if isinstance(body, AllOf) else () if body is None else (body,)
                return f"{self._face('exists')}({', '.join([self.variable(variables[0]), *map(self.premise, inside)])})"
            case AtLeast(k=k, members=members, signs=signs, mandatory=mandatory):
                of = self.signs(signs) if signs is not None else ", ".join(map(self.premise, members))
                must = f", mandatory=[{', '.join(map(self.premise, mandatory))}]" if mandatory else ""
                return f"{self._face('at_least')}({self._count(k)}, {of}{must})"
            case AllOf(members=members) | AnyOf(members=members):
                return f"{self._face(CALLS[type(node)])}({', '.join(map(self.premise, members))})"
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return f"{self._face(CALLS[type(node)])}({self.premise(member)})"
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")

    def variable(self, variable: Variable) -> str:
        where = [f"{name}={self.expression(value)}" for name, value in variable._where.items()]
        text = f"{self._face('each')}({', '.join([self.kind(variable._kind), *where])})"
        return self._named(variable, variable._kind.tag(), text)

    def expression(self, expression: Expression[Any]) -> str:
        match expression:
            case Ref(variable=variable, name=name):
                return f"{self.variable(variable)}.{name}"
            case Constant():
                return self.value(expression.value)
            case Parameter(id=id, default=default, doc=doc, ge=ge, le=le):
                bounds = "".join(f", {n}={self.value(v)}" for n, v in (("ge", ge), ("le", le)) if v is not None)
                text = f"{self._face('parameter')}({id!r}, {self.value(default)}, {doc!r}{bounds})"
                return self._named(expression, id, text)
            case Arith(op=op, left=left, right=right):
                return f"({self.expression(left)} {op} {self.expression(right)})"
            case Score(members=pairs):
                of = ", ".join(f"({self.expression(points)}, {self.premise(member)})" for points, member in pairs)
                return f"{self._face('score')}({of})"
            case Quantity(id=id, label=label, of=number, unit=unit):
                last = f", unit={unit!r}" if unit else ""
                text = f"{self._face('quantity')}({id!r}, {label!r}, {self.expression(number)}{last})"
                return self._named(expression, id, text)
            case _:
                raise PremiseError(f"{type(expression).__name__} is not one of the values this library knows")

    def signs(self, signs: SignSet) -> str:
        members = "".join(f", {self.premise(member)}" for member in signs.members)
        return self._named(signs, signs.id, f"{self._face('sign_set')}({signs.id!r}{members})")

    def _count(self, count: Count) -> str:
        return str(count) if isinstance(count, int) else self.expression(count)

    # --- words ----------------------------------------------------------------------------------------------------------

    def term(self, term: Term) -> str:
        ask = getattr(term, "ask", None)
        asked = f", ask={ask!r}" if ask else ""
        kind = f", kind={term.kind!r}" if isinstance(term, InterventionTerm) and term.kind != TREATMENT else ""
        known = ", known=True" if isinstance(term, ConditionTerm) and term.known else ""
        text = f"{self._face(term.vocabulary)}({term.id!r}, {term.label!r}{asked}{known}{kind})"
        return self._named((term.vocabulary, term.id), term.id, text)

    def fact(self, fact: Fact) -> str:
        said = {name: value for name, value in fact.__dict__.items() if name in type(fact).model_fields and value is not None}
        if said.get("present") is True:
            del said["present"]
        return f"{self.kind(type(fact))}({', '.join(f'{name}={self.value(value)}' for name, value in said.items())})"

    def value(self, value: object) -> str:
        if isinstance(value, Expression):
            return self.expression(value)
        if isinstance(value, Named):
            assert isinstance(value, Term)
            return self.term(value)
        if isinstance(value, Fraction | Decimal):
            self.imports.setdefault("fractions" if isinstance(value, Fraction) else "decimal", set()).add(type(value).__name__)
        if isinstance(value, timedelta | date):
            return repr(value).removeprefix("datetime.")
        return repr(value)

    def kind(self, kind: type[Fact]) -> str:
        shared = kind.__module__.startswith("backpain_rules.facts")
        self.imports.setdefault("backpain_rules" if shared else kind.__module__, set()).add(kind.__name__)
        return kind.__name__

    def _face(self, name: str) -> str:
        self.imports["backpain_rules"].add(name)
        return name

    def _list(self, name: str, items: list[str]) -> list[str]:
        return [f"{name}=[{', '.join(items)}]"] if items else []

    def _named(self, thing: object, wish: str, text: str) -> str:
        """The name of a thing, which is defined in a line of its own the first time."""
        if thing not in self._names:
            name = wish.replace("-", "_")
            taken = {
                *self._names.values(),
                *keyword.kwlist,
                *(n for names in self.imports.values() for n in names),
                "packs",
                "cases",
            }
            number = 2
            while name in taken:
                name, number = f"{wish.replace('-', '_')}_{number}", number + 1
            self._names[thing] = name
            self.lines.append(f"{name} = {text}")
        return self._names[thing]
