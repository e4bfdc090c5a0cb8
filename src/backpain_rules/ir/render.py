"""Premises as text that reads like the rule its author wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import PremiseError
from ..facts.types import Diagnosis, Finding, Recommendation, Symptom
from .conclusions import Conclusion, Phrase, spoken
from .expressions import Arith, Compare, CompareQuantity, Constant, Expression, Named, Parameter, Premise, Ref, Variable
from .premises import AllOf, AnyOf, AtLeast, Count, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from .quantities import Quantity, Score

_SHORT = {(Symptom, "term"): "", (Finding, "condition"): "", (Diagnosis, "condition"): ".diagnosed"}
_WORDS = {AllOf: "all_of", AnyOf: "any_of", Not: "not_", Unless: "unless", IsUnknown: "is_unknown", IsKnown: "is_known"}


class Namer:
    """Gives each variable a name: the fact type in lower case, numbered where one type occurs twice."""

    def __init__(self, variables: Sequence[Variable] = ()) -> None:
        self._names: dict[Variable, str] = {}
        for variable in variables:
            self(variable)

    def __call__(self, variable: Variable) -> str:
        if variable not in self._names:
            tag = variable._kind.tag()
            same = sum(v._kind is variable._kind for v in self._names)
            self._names[variable] = tag if not same else f"{tag}_{same + 1}"
        return self._names[variable]

    def declared(self, variable: Variable) -> str:
        """How the variable was made: `each(Pain, region='lumbar')`."""
        return f"each({self.pattern(variable)})"

    def pattern(self, variable: Variable) -> str:
        where = [f"{name}={self.value(value)}" for name, value in sorted(variable._where.items())]
        return ", ".join([variable._kind.__name__, *where])

    def value(self, expression: Expression[Any]) -> str:
        match expression:
            case Ref(variable=variable, name=name):
                return f"{self(variable)}.{name}"
            case Constant(value=value, parameter=parameter):
                shown = repr(value) if isinstance(value, str) else spoken(value)
                return f"{parameter.partition(':')[2]}={shown}" if parameter else shown
            case Parameter(id=id) | Quantity(id=id):
                return id
            case Score(members=pairs):
                return f"score({', '.join(f'({self.value(points)}, {render(member, self)})' for points, member in pairs)})"
            case Arith(op=op, left=left, right=right):
                return f"({self.value(left)} {op} {self.value(right)})"
            case _:
                raise PremiseError(f"{type(expression).__name__} is not one of the values this library knows")

    def count(self, count: Count) -> str:
        return self.value(count) if not isinstance(count, int) else str(count)


def render(node: Premise, names: Namer | None = None) -> str:
    """One premise as one line of text.

    >>> from backpain_rules import Pain, all_of, each, not_, symptom
    >>> pain, cold = each(Pain), symptom("cold", "Cold", ask="Cold?")
    >>> render(all_of(pain.severity >= 5, cold, cold.absent))
    'all_of(pain.severity >= 5, cold, cold.absent)'
    """
    names = names or Namer()

    def say(node: Premise) -> str:
        match node:
            case Matches(variable=variable):
                return names(variable)
            case Compare(op=op, left=left, right=right) | CompareQuantity(op=op, left=left, right=right):
                return f"{names.value(left)} {op} {names.value(right)}"
            case Exists(variables=variables, body=body):
                return short_name(node) or _exists(variables, body)
            case AtLeast(k=k, members=members, signs=signs, mandatory=mandatory):
                of = signs.id if signs is not None else ", ".join(say(m) for m in members)
                must = f", mandatory=[{', '.join(say(m) for m in mandatory)}]" if mandatory else ""
                return f"at_least({names.count(k)}, {of}{must})"
            case AllOf(members=members) | AnyOf(members=members):
                return f"{_WORDS[type(node)]}({', '.join(say(m) for m in members)})"
            case Not(member=member):
                name = short_name(member)
                if name is not None and isinstance(member, Exists) and member.variables[0]._kind is not Finding:
                    return f"{name.removesuffix('.diagnosed')}{'.excluded' if name.endswith('.diagnosed') else '.absent'}"
                return f"not_({say(member)})"
            case Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return f"{_WORDS[type(node)]}({say(member)})"
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")

    def _exists(variables: tuple[Variable, ...], body: Premise | None) -> str:
        inner = [names.pattern(v) if body is None else f"{names(v)}: {names.pattern(v)}" for v in variables]
        return f"exists({', '.join(inner + ([say(body)] if body is not None else []))})"

    return say(node)


def short_name(node: Premise) -> str | None:
    """The id that stands for the whole premise: `night_sweats`, `organ_gate`, `herniated_disk.diagnosed`; else None."""
    if not isinstance(node, Exists) or node.body is not None or len(node.variables) != 1:
        return None
    variable = node.variables[0]
    if len(variable._where) != 1:
        return None
    [(field, value)] = variable._where.items()
    suffix = _SHORT.get((variable._kind, field))
    if suffix is None or not isinstance(value, Constant):
        return None
    return f"{value.value}{suffix}"


def render_conclusion(template: Conclusion[Any], names: Namer | None = None) -> str:
    """A rule's conclusion as text: `Finding(condition='acute_strain', region=pain.region)`."""
    names = names or Namer()

    def say(value: object) -> str:
        if isinstance(value, Named):
            return repr(value.id)
        if isinstance(value, Phrase):
            return repr(value.text)
        return names.value(value) if isinstance(value, Expression) else repr(value)

    # Whoever writes a recommendation does not say its kind: that of the intervention is filled in when the rule is linked.
    unsaid = {"kind"} - template.said if issubclass(template.kind, Recommendation) else set[str]()
    said = [f"{name}={say(value)}" for name, value in template.fields.items() if value is not None and name not in unsaid]
    return f"{template.kind.__name__}({', '.join(said)})"
