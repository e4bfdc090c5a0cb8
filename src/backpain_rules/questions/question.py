"""A question in words, with its possible answers and the conclusions it can change."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from ..explain.unknowns import Unknown
from ..facts.base import Fact, to_data
from ..facts.types import Caution, Finding, Recommendation, Referral
from ..json_text import jsonable
from ..show.labels import Labels
from ..terms import Audience
from .bands import Band
from .items import link_of, wording

Kind: TypeAlias = Literal["yes_no", "choice", "number", "duration", "date", "time"]
KINDS: Final[dict[type, Kind]] = {
    bool: "yes_no", int: "number", float: "number", Decimal: "number",
    timedelta: "duration", date: "date", datetime: "time",
}  # fmt: skip
SHOWN: Final = 3


class DontKnow(enum.Enum):
    """The type of `DONT_KNOW`."""

    DONT_KNOW = "dont_know"

    def __repr__(self) -> str:
        return "DONT_KNOW"


DONT_KNOW: Final = DontKnow.DONT_KNOW
"""An answer to any question: the input stays unknown and is not asked again."""


class Option(NamedTuple):
    """A possible answer: its value and its label."""

    value: Any
    label: str


@dataclass(frozen=True)
class Question:
    """One question. `id` is the id of its item, such as `symptom/night_sweats` or `pain/lumbar/severity`.

    `kind` is yes_no, choice, number, duration, date or time. `options` are sufficient answers: yes and no, each value of a
    choice, or the bands of a number that rules still distinguish. Any exact number or time is an answer too. `because` lists the
    conclusions that the answer can change, urgent ones first. `why` names the first of them to a practitioner; to a patient it
    says what kind of decision depends on the answer. `proved`: some answer can change a conclusion; False if the time ran out
    before that was decided.
    """

    id: str
    text: str
    kind: Kind
    options: tuple[Option, ...]
    unknown: Unknown
    because: tuple[Fact, ...]
    why: str
    unit: str | None = None
    bands: tuple[Band, ...] = ()
    proved: bool = True

    def __str__(self) -> str:
        return self.text

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        data = {
            "id": self.id,
            "text": self.text,
            "kind": self.kind,
            "options": [{"value": jsonable(option.value), "label": option.label} for option in self.options],
            "unknown": self.unknown.to_data(),
            "why": self.why,
            "because": [to_data(fact) for fact in self.because],
        }
        data |= {"unit": self.unit} if self.unit else {}
        return data if self.proved else {**data, "proved": False}


def kind_of(unknown: Unknown) -> Kind:
    """The kind of answer to an unknown."""
    if unknown.slot is None:
        return "yes_no"
    field = unknown.kind.schema_.fields[unknown.slot]
    return "choice" if field.is_finite and field.base is not bool else KINDS.get(field.base, "choice")


def make_question(
    labels: Labels,
    unknown: Unknown,
    bands: tuple[Band, ...],
    because: tuple[Fact, ...],
    titles: Iterable[str],
    *,
    audience: Audience = "practitioner",
    proved: bool = True,
) -> Question:
    """The question for an unknown in a language. `titles` are the titles of `because`, read only if they are shown."""
    field = unknown.kind.schema_.fields[unknown.slot] if unknown.slot else None
    return Question(
        id=link_of(unknown),
        text=wording(labels, unknown),
        kind=kind_of(unknown),
        options=tuple(_options(labels, unknown, bands)),
        unknown=unknown,
        because=because,
        why=_why(labels, titles) if audience == "practitioner" else _why_asked(labels, because),
        unit=labels.say(field.unit) if field is not None and field.unit else None,
        bands=bands,
        proved=proved,
    )


def _why(labels: Labels, titles: Iterable[str]) -> str:
    titles = list(dict.fromkeys(titles))
    said = labels.say("; ").join(titles[:SHOWN])
    more = len(titles) - SHOWN
    return labels.say("decides on: {}", labels.say("{} and {} more", said, more) if more > 0 else said)


PURPOSES: Final[tuple[tuple[type[Fact], str], ...]] = (
    (Referral, "whether somebody should see you, and how soon"),
    (Finding, "where the pain may come from"),
    (Caution, "what to take care with"),
    (Recommendation, "what may help"),
)
"""Why a patient is asked, by the type of the conclusion. It names no disease that has not been found."""


def _why_asked(labels: Labels, because: tuple[Fact, ...]) -> str:
    said = [labels.say(purpose) for kind, purpose in PURPOSES if any(isinstance(fact, kind) for fact in because)]
    return labels.say("helps to tell: {}", labels.say("; ").join(said or [labels.say("what follows")]))


def _options(labels: Labels, unknown: Unknown, bands: tuple[Band, ...]) -> Iterator[Option]:
    if unknown.slot is None:
        yield from (Option(value, labels.value(value)) for value in (True, False))
        return
    for band in bands:
        yield Option(str(band) if band.bounds else band.value, band_label(labels, unknown, band))


BOUNDS: Final = {"<": "below {}", "<=": "at most {}", ">": "more than {}", ">=": "at least {}"}


def band_label(labels: Labels, unknown: Unknown, band: Band) -> str:
    """A band in words: `at least 4/10, below 5/10`."""
    name = str(unknown.slot)
    if not band.bounds:
        return labels.field_value(unknown.kind, name, band.value)
    said = (labels.say(BOUNDS[bound.op], labels.field_value(unknown.kind, name, bound.value)) for bound in band.bounds)
    return labels.say(", ").join(said)
