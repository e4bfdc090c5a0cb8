"""Premises in a pack as data: the JSON form of premises, with short forms that people write.

| short form | means |
|---|---|
| `fever` | the term: the symptom is present, the condition is found, the intervention is recommended |
| `{absent: fever}`, `{diagnosed: flu}`, `{excluded: flu}` | as `FEVER.absent`, `FLU.diagnosed`, `FLU.excluded` |
| `pain` | the variable that `for_each` declares |
| `pain.severity >= 5` | a comparison |
| `{exists: {type: pain, severity: 9}}` | some fact of this type is there |
| `{symptom: cold}`, `{condition: cold}`, `{intervention: cold}` | a term whose id is used twice |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ..errors import did_you_mean, shown
from ..facts.base import Fact
from ..facts.types import Diagnosis, Finding, Recommendation, Symptom
from ..ir.expressions import Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from ..ir.premise_reader import PremiseReader
from ..ir.premises import AtLeast, Count, Exists, Matches, Not, SignSet, premise
from ..ir.quantities import quantities_in
from ..ir.render import Namer
from ..ir.serialize import PremiseWriter
from ..ir.shapes import at, find, needed, object_of, refuse
from ..ir.walk import children, variables, variables_in
from ..json_text import member
from ..terms import Term
from .comparisons import comparison_from_text, comparison_to_text, is_comparison
from .names import VOCABULARIES, Names
from .values import value_from_data, value_to_data

_TERMS: Final[Mapping[tuple[type[Fact], str], str]] = {
    (Symptom, "term"): "symptom", (Finding, "condition"): "condition", (Recommendation, "intervention"): "intervention"
}  # fmt: skip
_FACTS_OF_TERMS: Final[Mapping[str, tuple[str, Callable[[Any], Fact]]]] = {
    "absent": ("symptom", lambda term: term.absent),
    "diagnosed": ("condition", lambda term: term.diagnosed),
    "excluded": ("condition", lambda term: term.excluded),
}


class ScopeWriter(PremiseWriter):
    """Writes the premises, patterns and references of one rule, constraint, partition or sign set."""

    def __init__(
        self,
        about: Iterable[Premise],
        parameters: Mapping[Parameter[Any], str],
        sign_sets: Mapping[SignSet, str],
        names: Names,
        also: Iterable[Variable] = (),
    ) -> None:
        super().__init__(Namer())
        self._parameters, self._sign_sets, self._known = parameters, sign_sets, names
        self._times = Counter(found for one in about for found in _occurrences(one))
        self._times.update(also)

    @property
    def for_each(self) -> dict[str, Any]:
        """The variables that were named, as data."""
        return {"for_each": self.variables} if self.variables else {}

    def variable(self, variable: Variable) -> str:
        name = self._names(variable)
        if name not in self.variables:
            pattern = self.pattern(variable)
            self.variables[name] = pattern["type"] if len(pattern) == 1 else pattern
        return name

    def pattern(self, variable: Variable) -> dict[str, Any]:
        """A pattern: the type, and the value that each field must have."""
        fields = variable._kind.schema_.fields
        where = {
            name: value_to_data(fields[name], value.value) if isinstance(value, Constant) else self.value(value)
            for name, value in variable._where.items()
        }
        return {"type": variable._kind.tag(), **where}

    def value(self, value: Expression[Any]) -> dict[str, Any]:
        if isinstance(value, Parameter):
            return {"parameter": self._parameters[value]}
        if isinstance(value, Ref):
            return {"field": f"{self.variable(value.variable)}.{value.name}"}
        return super().value(value)

    def count(self, count: Count) -> Any:
        if isinstance(count, Constant):
            return count.value
        return self._parameters[count] if isinstance(count, Parameter) else count

    def points(self, points: Expression[Any]) -> Any:
        return self._parameters[points] if isinstance(points, Parameter) else super().points(points)

    def signs(self, signs: SignSet) -> str:
        return self._sign_sets[signs]

    def premise(self, node: Premise) -> Any:
        match node:
            case Compare():
                data = super().premise(node)
                return comparison_to_text(data) or data
            case CompareQuantity():
                data = super().premise(node)
                named = {one.id for side in (node.left, node.right) for one in quantities_in(side)}
                is_plain = "compare" in data and named.isdisjoint(self._parameters.values())
                return (comparison_to_text(data) if is_plain else None) or data
            case Matches(variable=variable):
                name = self.variable(variable)
                return {"matches": name} if self._known.vocabularies(name) else name
            case Exists(variables=[variable], body=None) if self._times[variable] == 1:
                return self._term(variable) or {"exists": self.pattern(variable)}
            case Not(member=Exists(variables=[variable], body=None)) if self._times[variable] == 1:
                known = _one_constant(variable)
                for word, kind, field in (("absent", Symptom, "term"), ("excluded", Diagnosis, "condition")):
                    if known is not None and variable._kind is kind and field in variable._where:
                        return {word: known}
                return super().premise(node)
            case _:
                return super().premise(node)

    def _term(self, variable: Variable) -> Any:
        """A pattern that says no more than a term, in the form of the term."""
        id = _one_constant(variable)
        field = next(iter(variable._where), "")
        if id is None:
            return None
        if variable._kind is Diagnosis and field == "condition":
            return {"diagnosed": id}
        vocabulary = _TERMS.get((variable._kind, field))
        if vocabulary is None or (vocabulary, id) not in self._known.terms:
            return None
        alone = self._known.vocabularies(id) == (vocabulary,) and id not in self.variables and not _is_tag(id, self._known)
        return id if alone else {vocabulary: id}


def _is_tag(id: str, names: Names) -> bool:
    """Whether a variable could be called so: they are named after fact types."""
    return any(id == tag or id.startswith(f"{tag}_") for tag in names.fact_types)


def _one_constant(variable: Variable) -> str | None:
    if len(variable._where) != 1:
        return None
    [value] = variable._where.values()
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def _occurrences(root: Premise) -> Iterator[Variable]:
    """The variables of a premise, as often as they stand in it; the members of a sign set stand elsewhere."""
    stack = [root]
    while stack:
        node = stack.pop()
        stack += [*node.members, *node.mandatory] if isinstance(node, AtLeast) else children(node)
        for variable in variables(node):
            yield variable
            yield from _read_by_pattern(variable)


def _read_by_pattern(variable: Variable) -> Iterator[Variable]:
    for value in variable._where.values():
        for other in variables_in(value):
            yield other
            yield from _read_by_pattern(other)


class ScopeReader(PremiseReader):
    """Reads the premises, patterns and references of one rule, constraint, partition or sign set."""

    def __init__(self, names: Names, for_each: object, place: str) -> None:
        super().__init__(names.fact_types, names.parameters, names.sign_sets, names.quantities)
        self._names = names
        for name, pattern in object_of(for_each, place).items():
            self._variables[name] = self.pattern({"type": pattern} if isinstance(pattern, str) else pattern, member(place, name))
        self._place = place

    def check_all_used(self) -> None:
        """Refuse a variable that nothing uses."""
        for name in self._variables:
            if name not in self._used:
                refuse("nothing uses this variable; remove it, or name it where it is meant", member(self._place, name))

    def pattern(self, data: object, place: str) -> Variable:
        """The pattern that `ScopeWriter.pattern` wrote."""
        of = object_of(data, place)
        kind = find(self._names.fact_types, needed(of, "type", place), "fact type", f"{place}.type")
        where: dict[str, object] = {}
        for field, value in of.items():
            if field != "type":
                here = member(place, field)
                with at(here):
                    ref = Ref[Any](Variable(kind, {}), field)
                    where[field] = self.field_value(kind, field, value, here, ref.base)
        with at(place):
            return Variable(kind, where)

    def field_value(self, kind: type[Fact], field: str, data: object, place: str, base: type = object) -> object:
        """The value for a field: plain JSON as the field reads it, or a reference, a parameter, a tagged constant."""
        if not isinstance(data, Mapping):
            vocabulary = kind.schema_.fields[field].vocabulary
            constant = value_from_data(kind, field, data, place)
            return self._names.terms.get((vocabulary, str(constant)), constant) if vocabulary else constant
        value = self.value(data, place, base)
        return value.value if isinstance(value, Constant) else value

    def value(self, data: Any, place: str, base: type = object) -> Expression[Any]:
        if isinstance(data, Mapping) and isinstance(data.get("field"), str):
            data = {**data, "field": data["field"].split(".")}
        if isinstance(data, Mapping) and data.get("parameter") in self._quantities and data["parameter"] not in self._parameters:
            data = {"quantity": data["parameter"]}  # in a text, a quantity stands as a parameter does
        return super().value(data, place, base)

    def number_data(self, data: Any) -> Any:
        return {"parameter": data} if isinstance(data, str) else data

    def count(self, data: Any, place: str) -> Count:
        return super().count({"parameter": data} if isinstance(data, str) else data, place)

    def premise(self, data: Any, place: str) -> Premise:
        if isinstance(data, str):
            return self._said(data, place)
        if isinstance(data, Mapping) and len(data) == 1:
            [(word, value)] = data.items()
            if word in VOCABULARIES:
                return premise(self._term(word, value, f"{place}.{word}"))
            if word in _FACTS_OF_TERMS:
                vocabulary, made = _FACTS_OF_TERMS[word]
                return premise(made(self._term(vocabulary, value, f"{place}.{word}")))
            if word == "exists" and isinstance(value, Mapping):
                return Exists((self.pattern(value, f"{place}.exists"),))
        return super().premise(data, place)

    def _term(self, vocabulary: str, id: object, place: str) -> Term:
        known = {one: term for (kind, one), term in self._names.terms.items() if kind == vocabulary}
        return find(known, id, vocabulary, place)

    def _said(self, text: str, place: str) -> Premise:
        """A text that stands for a premise: a comparison, a variable or a term."""
        if is_comparison(text):
            return self._comparison(comparison_from_text(text, place)["compare"], place)
        vocabularies = self._names.vocabularies(text)
        if text in self._variables and vocabularies:
            refuse(f"{text!r} is a variable and a {vocabularies[0]}: write matches: {text}, or {vocabularies[0]}: {text}", place)
        if text in self._variables:
            return Matches(self._variable(text, place))
        if len(vocabularies) > 1:
            refuse(f"{text!r} is a {' and a '.join(vocabularies)}: write {vocabularies[0]}: {text}", place)
        if not vocabularies:
            known = [*self._variables, *(id for _, id in self._names.terms)]
            refuse(f"no term and no variable is called {shown(text)}{did_you_mean(text, known)}", place)
        return premise(self._names.terms[vocabularies[0], text])
