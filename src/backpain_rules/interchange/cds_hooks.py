"""A result as cards of CDS Hooks 2.0 (cds-hooks.hl7.org/2.0), which an electronic record shows to a clinician."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from ..assessment import Assessment
from ..draw.markdown import markdown_items
from ..explain.derivation import as_lines
from ..facts.base import Fact, canonical
from ..facts.types import Caution, Recommendation, Referral, haste, is_emergency
from ..show.contents import DISCLAIMER
from ..show.labels import ENGLISH, Labels
from ..show.parts import EMERGENCY
from ..source import Statement
from .codes import own_system
from .fhir_result import service_request

LONGEST: Final = 140
"""How many letters a summary may have."""
CRITICAL: Final = ("emergency", "urgent")
REASONS: Final = {
    "already_done": "already done",
    "not_applicable": "does not apply to this patient",
    "declined": "the patient declines",
}
"""Why a clinician may override a card, by code."""


def cds_cards(
    result: Assessment,
    *,
    source: str = "backpain_rules",
    url: str | None = None,
    language: str = ENGLISH,
    call: str | None = None,
    subject: str | None = None,
    most: int | None = None,
) -> dict[str, Any]:
    """One card for each referral, caution, conflict and recommendation, what is most urgent first: `{"cards": [...]}`.

    `source` and `url` name the service to the reader. `call` is the id of the call (`hookInstance`): the ids of cards and
    suggestions are its own, and the same if it is answered again. With `subject`, the reference of the patient
    ("Patient/1"), referrals and recommendations suggest a draft `ServiceRequest` of FHIR R4. After `most` cards one more names
    the others in a line each.
    Raises `UnknownLanguageError`; with `subject`, `MissingExtraError` without the extra `[fhir]`.
    """
    writer = _Writer(result, result.labels(language), {"label": source, **({"url": url} if url else {})}, call, subject)
    cards = list(writer.cards())
    if most is not None and len(cards) > most:
        cards[most:] = [writer.rest(cards[most:])]
    return {"cards": cards}


class _Writer:
    def __init__(self, result: Assessment, labels: Labels, origin: dict[str, str], call: str | None, subject: str | None) -> None:
        self.result = result
        self.labels = labels
        self.origin = origin
        self.subject = subject
        self._ids = NAMESPACE_URL if call is None else uuid5(NAMESPACE_URL, f"urn:backpain-rules:call:{call}")
        self._urls = {one.id: one.url for pack in result.linked.packs for one in pack.sources if one.url}

    def cards(self) -> Iterator[dict[str, Any]]:
        """A card for each conclusion and each conflict."""
        for kind in (Referral, Caution, Recommendation):
            for fact in sorted(self.result.of(kind), key=haste):
                yield self._of_fact(fact)
        for conflict in self.result.conflicts:
            text = " | ".join(map(self.labels.fact, conflict.facts))
            cited = "\n".join(f"- {one.cite}: {self.labels.statement(one)}" for one in conflict.sources)
            summary = self.labels.say("{}: {}", self.labels.say("Conflicts"), text)
            yield self._card(conflict.about + text, summary, cited, "warning", "conflict", conflict.sources)

    def rest(self, cards: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """One card in the place of several, with the summary of each."""
        told = [card["summary"] for card in cards]
        summary = self.labels.say("{} more conclusions", len(told))
        return self._card("rest", summary, "\n".join(f"- {one}" for one in told), "info", "rest", ())

    def _of_fact(self, fact: Fact) -> dict[str, Any]:
        labels = self.labels
        why = self.result.why(fact)
        summary = labels.fact(fact) if isinstance(fact, Caution) else labels.title(fact)
        summary = labels.say("{}: {}", labels.say(EMERGENCY).upper(), summary) if is_emergency(fact) else summary
        detail = "\n".join(markdown_items(as_lines(why, set(), labels)))
        about = " ".join(canonical(fact))
        cited = [statement for support in why.supports for statement in support.sources]
        card = self._card(about, summary, detail, _indicator(fact), fact.tag(), cited)
        if self.subject is None or not isinstance(fact, Referral | Recommendation):
            return card
        request = service_request(self.result, fact, subject=self.subject, version="R4B", labels=labels)
        action = {"type": "create", "description": card["summary"], "resource": request}
        suggestion = {"label": card["summary"], "uuid": self._id(f"suggestion {about}"), "actions": [action]}
        return {**card, "suggestions": [suggestion], "selectionBehavior": "at-most-one"}

    def _card(
        self, about: str, summary: str, detail: str, indicator: str, topic: str, cited: Iterable[Statement]
    ) -> dict[str, Any]:
        short = summary if len(summary) < LONGEST else summary[: LONGEST - 2] + "…"
        card: dict[str, Any] = {
            "uuid": self._id(about),
            "summary": short,
            "detail": f"{detail}\n\n*{self.labels.say(DISCLAIMER)}*",
            "indicator": indicator,
            "source": {**self.origin, "topic": {"system": own_system("topic"), "code": topic}},
        }
        names = dict.fromkeys(statement.source for statement in cited)
        if links := [{"label": name, "url": self._urls[name], "type": "absolute"} for name in names if name in self._urls]:
            card["links"] = links
        if indicator != "info":
            card["overrideReasons"] = [
                {"system": own_system("override-reason"), "code": code, "display": self.labels.say(said)}
                for code, said in REASONS.items()
            ]
        return card

    def _id(self, about: str) -> str:
        return str(uuid5(self._ids, f"urn:backpain-rules:{about}"))


def _indicator(fact: Fact) -> str:
    if isinstance(fact, Referral):
        return "critical" if fact.urgency in CRITICAL else "warning"
    return "warning" if isinstance(fact, Caution) else "info"
