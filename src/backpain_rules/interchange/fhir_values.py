"""Values of FHIR: yes or no, ratings, lengths of time and answers. What is not exactly understood is no value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from math import floor
from typing import Any, Final

from ..durations import DurationError, parse_amount
from ..errors import shown
from ..questions.items import Item
from .codes import SYSTEMS, Code, codes_in

UCUM: Final = "http://unitsofmeasure.org"
SCORES: Final = (None, "", "1", "{score}", "{0-10}", "/10")
"""Units of a 0-10 rating: none, the unity of UCUM, or an annotation that says what it is."""
LARGEST: Final = 1e18
"""No number of a patient is as large, and Python prints each below it."""
ANSWERS: Final = {
    Code(SYSTEMS["loinc"], "LA33-6"): True,
    Code(SYSTEMS["loinc"], "LA32-8"): False,
    Code(SYSTEMS["loinc"], "LA9633-4"): True,
    Code(SYSTEMS["loinc"], "LA9634-2"): False,
    Code(SYSTEMS["loinc"], "LA6576-8"): True,
    Code(SYSTEMS["loinc"], "LA6577-6"): False,
    Code(SYSTEMS["snomed"], "373066001"): True,
    Code(SYSTEMS["snomed"], "373067005"): False,
    Code(SYSTEMS["snomed"], "52101004"): True,
    Code(SYSTEMS["snomed"], "2667000"): False,
    Code(SYSTEMS["snomed"], "10828004"): True,
    Code(SYSTEMS["snomed"], "260385009"): False,
    Code("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): True,
    Code("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): False,
    Code("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "POS"): True,
    Code("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "NEG"): False,
}
"""Coded yes and no, present and absent, positive and negative (LOINC answer lists, SNOMED CT qualifiers, HL7 tables)."""


class NoValueError(Exception):
    """Why something has no value that a fact can hold, as a sentence."""


def yes_or_no(observation: Mapping[str, Any]) -> bool:
    """What an Observation says of its code, by its value, or by its interpretation if that is all there is."""
    said: set[bool] = set()
    if "valueBoolean" in observation:
        said.add(boolean(observation["valueBoolean"]))
    coded = [*codes_in(observation.get("valueCodeableConcept"))]
    if not any(name.startswith("value") for name in observation) or coded or said:
        for concept in observation.get("interpretation", ()):
            coded += codes_in(concept)
    said |= {ANSWERS[code] for code in coded if code in ANSWERS}
    if len(said) > 1:
        raise NoValueError("it says both yes and no")
    if not said:
        raise NoValueError("its value says neither yes nor no, as a boolean or as a code")
    return said.pop()


def boolean(value: object) -> bool:
    """A JSON boolean; the text "false" is none."""
    if not isinstance(value, bool):
        raise NoValueError(f"{value!r} is not a boolean; send true or false, without quotation marks")
    return value


def number(value: object) -> float:
    """A finite JSON number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < LARGEST:
        raise NoValueError(f"{shown(value)} is not a number")
    return value


def whole(value: object) -> int:
    """A whole number, `7.0` included."""
    exact = number(value)
    if exact != int(exact):
        raise NoValueError(f"{exact} is not a whole number")
    return int(exact)


def rating(observation: Mapping[str, Any]) -> tuple[int, str | None]:
    """A 0-10 rating, and a remark if a fraction was rounded to the nearest step of the scale (half of one up)."""
    if "valueInteger" in observation:
        return whole(observation["valueInteger"]), None
    quantity = observation.get("valueQuantity")
    if quantity is None:
        raise NoValueError("it has no number")
    _no_comparator(quantity)
    for unit in (quantity.get("code"), quantity.get("unit")):
        if unit not in SCORES:
            raise NoValueError(f"a pain severity in {unit!r} is no rating from 0 to 10; send it in {{score}}")
    value = number(quantity.get("value"))
    if not 0 <= value <= 10:
        raise NoValueError(f"{value} is not a rating from 0 to 10")
    step = floor(Fraction(value) + Fraction(1, 2))
    return step, None if step == value else f"{value} is read as {step}: the scale has whole numbers only"


def length_of_time(quantity: Mapping[str, Any]) -> timedelta:
    """A Quantity of UCUM whose unit has a length."""
    _no_comparator(quantity)
    if quantity.get("system", UCUM) != UCUM:
        raise NoValueError(f"a time in a unit of {quantity['system']!r}; use UCUM")
    unit = quantity.get("code", quantity.get("unit"))
    value = number(quantity.get("value"))
    try:
        return parse_amount(value, str(unit))
    except DurationError as reason:
        raise NoValueError(f"a time of {value} in {shown(unit)}: {reason}") from None


def answer_value(item: Item, answer: Mapping[str, Any]) -> object:
    """The value of an answer to an item of the questionnaire."""
    base = bool if item.slot is None else item.kind.schema_.fields[item.slot].base
    if base is timedelta and "valueQuantity" in answer:
        return length_of_time(answer["valueQuantity"])
    if base is int and ("valueInteger" in answer or "valueDecimal" in answer):
        return whole(answer.get("valueInteger", answer.get("valueDecimal")))
    if base is bool and "valueBoolean" in answer:
        return boolean(answer["valueBoolean"])
    if base is str and ("valueString" in answer or "valueCoding" in answer):
        return answer.get("valueString", answer.get("valueCoding", {}).get("code"))
    raise NoValueError(f"its answer is no {base.__name__}")


def _no_comparator(quantity: Mapping[str, Any]) -> None:
    if quantity.get("comparator"):
        raise NoValueError(f"{quantity['comparator']} {quantity.get('value')} gives a bound and no value")
