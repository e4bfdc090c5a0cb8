"""Short texts for facts, places and atoms."""

from __future__ import annotations

from ..errors import printable
from ..facts.base import Fact
from ..facts.types import Caution, Diagnosis, Finding, KnownCondition, Recommendation, Referral, Symptom, beyond_title
from ..ground.nodes import Atom, JoinTest, Place, Plain, Presence, SlotTest, SlotValue, Sum, place_of
from ..ir.conclusions import spoken


def say_fact(fact: Fact) -> str:
    """A short text for a fact: `acute_strain (lumbar)`, `acupuncture for acute_strain, until: pain below 5/10`."""
    return ", ".join((title(fact), *details(fact)))


def title(fact: Fact) -> str:
    """The subject of a fact: `acute_strain (lumbar)`, `acupuncture for acute_strain`, `pain lumbar`."""
    match fact:
        case KnownCondition(condition=condition):
            return f"{condition}, known"
        case Finding(condition=condition, region=region, strength=strength):
            return f"{condition}{f' ({region})' if region else ''}{', may indicate' if strength == 'may_indicate' else ''}"
        case Recommendation(intervention=intervention, for_condition=reason):
            return _for(intervention, reason)
        case Caution(about=about, for_condition=reason):
            return _for(f"caution {_plain(about)}", reason)
        case Referral(to=to, reason=reason):
            return _for(f"referral to {_plain(to)}", reason and _plain(reason))
        case _:
            return say_place(place_of(fact), present=fact.__dict__.get("present") is not False)


def details(fact: Fact) -> tuple[str, ...]:
    """The rest of a fact after its title, slot by slot: `until: pain below 5/10`, `severity 8`."""
    colon = ":" if isinstance(fact, Recommendation | Referral) else ""
    said = {name: _words(fact, name, value) for name, value in beyond_title(fact).items()}
    return tuple(text if isinstance(fact, Caution) and name == "text" else f"{name}{colon} {text}" for name, text in said.items())


def say_place(place: Place, *, present: bool = True) -> str:
    """A short text for a place: `night_sweats`, `no thirst`, `herniated_disk diagnosed`, `pain lumbar`."""
    if place.kind is Symptom:
        return f"{place.key[0]}" if present else f"no {place.key[0]}"
    if place.kind is Diagnosis:
        return f"{place.key[0]} {'diagnosed' if present else 'excluded'}"
    said = " ".join([place.kind.tag(), *(_plain(part) for part in place.key if part is not None)])
    return said if present else f"no {said}"


def say_atom(atom: Atom) -> str:
    """A short text for an atom: `pain lumbar: severity >= 5`."""
    match atom:
        case Presence(place=place):
            return say_place(place)
        case SlotTest(place=place, slot=slot, op=op, value=value):
            return f"{say_place(place)}: {slot} {op} {_plain(value)}"
        case JoinTest(op=op, left=left, right=right):
            return f"{_value(left)} {op} {_value(right)}"


def _for(what: str, reason: str | None) -> str:
    return f"{what} for {reason}" if reason else what


def _words(fact: Fact, name: str, value: object) -> str:
    """A value for a reader: `every_other_day` is not an id, so its underscores become spaces."""
    is_word = isinstance(value, str) and value.isidentifier() and not fact.schema_.fields[name].vocabulary
    return _plain(str(value).replace("_", " ") if is_word else value)


def _plain(value: object) -> str:
    return printable(spoken(value))


def _value(value: SlotValue | Sum | Plain) -> str:
    match value:
        case SlotValue(place=place, slot=slot):
            return f"{say_place(place)} {slot}"
        case Plain(value=constant):
            return _plain(constant)
        case Sum(op=op, left=left, right=right):
            return f"({_value(left)} {op} {_value(right)})"
