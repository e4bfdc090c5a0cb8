"""What each pack declares, by listing it or by using it, and which pack a shared thing belongs to.

A term, parameter, sign set or fact type that several packs mention belongs to the first of them that the others
require, so that a pack may use another's objects without listing them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import DefinitionError, DuplicatePackError, UnknownPackError, did_you_mean
from ..facts.base import Fact
from ..facts.types import DERIVED, STATED
from ..ir.conclusions import Conclusion, Phrase
from ..ir.expressions import CompareQuantity, Constant, Parameter, Premise, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, SignSet
from ..ir.quantities import Quantity, quantities_in
from ..ir.walk import stands_alone, values, variables, walk
from ..pack import Pack
from ..symbols import Symbol
from ..terms import ConditionTerm, Term


def in_order(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    """The packs with every pack after those that it requires, else by name."""
    by_id: dict[str, Pack] = {}
    for pack in packs:
        if by_id.setdefault(pack.id, pack) is not pack:
            raise DuplicatePackError(f"two packs are called {pack.id!r}; a knowledge base takes one of them", pack=pack.id)
    for pack in by_id.values():
        for needed in pack.requires:
            if needed not in by_id:
                raise UnknownPackError(
                    f"pack {pack.id!r} requires pack {needed!r}, which is not loaded{did_you_mean(needed, by_id)}",
                    pack=pack.id, requires=needed,
                )  # fmt: skip
    placed: dict[str, Pack] = {}
    while len(placed) < len(by_id):
        ready = [id for id in sorted(by_id) if id not in placed and all(n in placed for n in by_id[id].requires)]
        if not ready:
            circle = ", ".join(sorted(id for id in by_id if id not in placed))
            raise DefinitionError(f"these packs require each other in a circle: {circle}", packs=circle)
        placed.update((id, by_id[id]) for id in ready)
    return tuple(placed.values())


def required_by(pack: Pack, packs: Iterable[Pack]) -> tuple[Pack, ...]:
    """Those of the packs that this one requires, and that these require; one that is missing is left out."""
    by_id = {one.id: one for one in packs if one.id != pack.id}
    found: dict[str, Pack] = {}
    waiting = list(pack.requires)
    while waiting:
        name = waiting.pop()
        if name in by_id and name not in found:
            found[name] = by_id[name]
            waiting += by_id[name].requires
    return tuple(found.values())


@dataclass(frozen=True, eq=False)
class Declared:
    """Everything declared, with the pack it belongs to."""

    terms: Mapping[tuple[str, str], Term]
    owners: Mapping[tuple[str, str], str]
    parameters: Mapping[Parameter[Any], str]
    sign_sets: Mapping[SignSet, str]
    fact_types: Mapping[str, type[Fact]]
    quantities: Mapping[Quantity, str]


def declared(packs: Sequence[Pack]) -> Declared:
    """Collects from packs that are `in_order`."""
    terms: dict[tuple[str, str], Term] = {}
    owners: dict[tuple[str, str], str] = {}
    numbers: dict[Parameter[Any], str] = {}
    signs: dict[SignSet, str] = {}
    kinds: dict[str, type[Fact]] = {kind.tag(): kind for kind in (*STATED, *DERIVED)}
    quantities: dict[Quantity, str] = {}
    names: dict[tuple[type, str], object] = {}

    def claim(pack: Pack, thing: Parameter[Any] | SignSet) -> str:
        name = f"{pack.id}:{thing.id}"
        what = "parameters" if isinstance(thing, Parameter) else "sign sets"
        if names.setdefault((type(thing), name), thing) is not thing:
            raise DefinitionError(f"pack {pack.id!r} has two {what} called {thing.id!r}", pack=pack.id, id=thing.id)
        return name

    for pack in packs:
        named = mentioned(pack)
        for term in (*pack.terms, *named.terms.values()):
            place = (term.vocabulary, term.id)
            known = terms.setdefault(place, term)
            owner = owners.setdefault(place, pack.id)
            if known is not term and known != term:
                name = next(f.name for f in fields(term) if getattr(term, f.name) != getattr(known, f.name))
                raise DefinitionError(
                    f"pack {pack.id!r} declares {term.vocabulary} {term.id!r} otherwise than pack {owner!r} does: "
                    f"{name} {getattr(term, name)!r} and {getattr(known, name)!r}; use that pack's term, or another id",
                    pack=pack.id, other=owner, id=term.id, field=name,
                )  # fmt: skip
        for sign_set in (*pack.sign_sets, *named.sign_sets):
            if sign_set not in signs:
                signs[sign_set] = claim(pack, sign_set)
        for number in (*pack.parameters, *named.parameters):
            if number not in numbers:
                numbers[number] = claim(pack, number)
        for one in named.quantities:
            owner = quantities.setdefault(one, pack.id)
            other = next((other for other in quantities if other.id == one.id and other is not one), None)
            if other is not None:
                raise DefinitionError(
                    f"pack {pack.id!r}: quantity {one.id!r} is already that of pack {quantities[other]!r}; give one of the two "
                    "another id, or use that pack's quantity",
                    pack=pack.id, other=quantities[other], id=one.id,
                )  # fmt: skip
        for kind in (*pack.fact_types, *named.fact_types):
            if kinds.setdefault(kind.tag(), kind) is not kind:
                raise DefinitionError(
                    f"pack {pack.id!r}: fact type {kind.tag()!r} is already that of {kinds[kind.tag()].__module__}",
                    pack=pack.id, fact_type=kind.tag(),
                )  # fmt: skip
    return Declared(terms, owners, numbers, signs, kinds, quantities)


def known_conditions(terms: Mapping[tuple[str, str], Term]) -> tuple[ConditionTerm, ...]:
    """The conditions of which a diagnosis counts as a finding, by id."""
    return tuple(term for _, term in sorted(terms.items()) if isinstance(term, ConditionTerm) and term.known)


def _premises(pack: Pack) -> Iterator[Premise]:
    for rule in pack.rules:
        yield rule.premise
    for constraint in pack.constraints:
        yield constraint.premise
    for one in pack.partitions:
        yield one.gap
    for sign_set in pack.sign_sets:
        yield from sign_set.members
    for extension in pack.extends:
        yield from extension.members
    for quantity in pack.quantities:
        yield CompareQuantity(">=", quantity, Constant(0))


@dataclass(eq=False)
class Mentioned:
    """What the premises and the conclusions of a pack mention, each once, in the order in which it occurs."""

    terms: dict[int, Term] = field(default_factory=dict[int, Term])
    sign_sets: dict[SignSet, None] = field(default_factory=dict[SignSet, None])
    parameters: dict[Parameter[Any], None] = field(default_factory=dict[Parameter[Any], None])
    fact_types: dict[type[Fact], None] = field(default_factory=dict[type[Fact], None])
    quantities: dict[Quantity, None] = field(default_factory=dict[Quantity, None])


def mentioned(pack: Pack) -> Mentioned:
    found = Mentioned()
    for premise in _premises(pack):
        for inner in walk(premise):
            for variable in variables(inner):
                found.fact_types[variable._kind] = None
                for term in variable._terms:
                    if isinstance(term, Term):
                        found.terms[id(term)] = term
            if stands_alone(inner) or isinstance(inner, AllOf | AnyOf):
                continue
            if isinstance(inner, CompareQuantity):
                for side in (inner.left, inner.right):
                    found.quantities.update(dict.fromkeys(quantities_in(side)))
            if isinstance(inner, AtLeast) and inner.signs is not None:
                found.sign_sets[inner.signs] = None
            found.parameters.update((value, None) for value in values(inner) if isinstance(value, Parameter))
    for rule in pack.rules:
        for target in rule.targets:
            where = target._where if isinstance(target, Variable) else target.fields if isinstance(target, Conclusion) else {}
            found.parameters.update((value, None) for value in where.values() if isinstance(value, Parameter))
        for template in rule.conclusions:
            found.fact_types[template.kind] = None
            for value in template.fields.values():
                if not isinstance(value, Symbol):
                    continue
                if isinstance(value, Term):
                    found.terms[id(value)] = value
                elif isinstance(value, Parameter):
                    found.parameters[value] = None
                elif isinstance(value, Phrase):
                    found.parameters.update((number, None) for number in value.parameters)
    return found
