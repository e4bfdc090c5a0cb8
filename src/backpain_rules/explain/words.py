"""Facts, places and atoms in a few words."""

from __future__ import annotations

from ..facts.base import Fact
from ..facts.types import Diagnosis, Finding, Recommendation, Symptom
from ..ground.nodes import Atom, JoinTest, Place, Plain, Presence, SlotTest, SlotValue, Sum
from ..ir.conclusions import spoken


def say_fact(fact: Fact) -> str:
    """A fact in a few words: `acute_strain (lumbar)`, `acupuncture for acute_strain, until pain below 5/10`."""
    values = {name: fact.__dict__[name] for name in fact.schema_.fields if fact.__dict__[name] is not None}
    if isinstance(fact, Symptom | Diagnosis):
        return say_place(Place(type(fact), tuple(values[name] for name in fact.schema_.keys)), present=fact.present)
    if isinstance(fact, Finding):
        region = f" ({fact.region})" if fact.region else ""
        return f"{fact.condition}{region}{', may indicate' if fact.strength == 'may_indicate' else ''}"
    if isinstance(fact, Recommendation):
        values.pop("intervention")
        values.pop("for_condition", None)
        reason = f" for {fact.for_condition}" if fact.for_condition else ""
        return ", ".join([f"{fact.intervention}{reason}", *(f"{name}: {spoken(value)}" for name, value in values.items())])
    keys = [spoken(values.pop(name)) for name in fact.schema_.keys if name in values]
    absent = ["absent"] if fact.__dict__.get("present") is False else []
    return f"{fact.tag()} {', '.join([*keys, *absent, *(f'{name} {spoken(v)}' for name, v in values.items())])}"


def say_place(place: Place, *, present: bool = True) -> str:
    """A place in a few words: `night_sweats`, `no thirst`, `herniated_disk diagnosed`, `pain lumbar`."""
    if place.kind is Symptom:
        return f"{place.key[0]}" if present else f"no {place.key[0]}"
    if place.kind is Diagnosis:
        return f"{place.key[0]} {'diagnosed' if present else 'excluded'}"
    said = " ".join([place.kind.tag(), *(spoken(part) for part in place.key if part is not None)])
    return said if present else f"no {said}"


def say_atom(atom: Atom) -> str:
    """What an atom asks: `pain lumbar: severity >= 5`."""
    match atom:
        case Presence(place=place):
            return say_place(place)
        case SlotTest(place=place, slot=slot, op=op, value=value):
            return f"{say_place(place)}: {slot} {op} {spoken(value)}"
        case JoinTest(op=op, left=left, right=right):
            return f"{_value(left)} {op} {_value(right)}"


def _value(value: SlotValue | Sum | Plain) -> str:
    match value:
        case SlotValue(place=place, slot=slot):
            return f"{say_place(place)} {slot}"
        case Plain(value=constant):
            return spoken(constant)
        case Sum(op=op, left=left, right=right):
            return f"({_value(left)} {op} {_value(right)})"
