"""A result as cards of CDS Hooks 2.0 (cds-hooks.hl7.org/2.0), which an electronic record shows to a clinician."""

from __future__ import annotations

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from ..assessment import Assessment
from ..draw.markdown import markdown_items
from ..explain.derivation import as_lines
from ..facts.base import Fact, canonical
from ..facts.types import Caution, Recommendation, Referral, haste, is_emergency
from ..show.contents import DISCLAIMER
from ..show.labels import ENGLISH
from ..show.parts import EMERGENCY

LONGEST: Final = 140
"""How many letters a summary may have."""
CRITICAL: Final = ("emergency", "urgent")


def cds_cards(
    result: Assessment, *, source: str = "backpain_rules", url: str | None = None, language: str = ENGLISH
) -> dict[str, Any]:
    """One card for each referral, caution, conflict and recommendation, what is most urgent first: `{"cards": [...]}`.

    `source` and `url` name the service to the reader. Raises `UnknownLanguageError`.
    """
    labels = result.labels(language)
    origin = {"label": source, **({"url": url} if url else {})}

    def card(about: str, summary: str, detail: str, indicator: str) -> dict[str, Any]:
        short = summary if len(summary) < LONGEST else summary[: LONGEST - 2] + "…"
        told = f"{detail}\n\n*{labels.say(DISCLAIMER)}*"
        uuid = str(uuid5(NAMESPACE_URL, f"urn:backpain-rules:{about}"))
        return {"uuid": uuid, "summary": short, "detail": told, "indicator": indicator, "source": origin}

    cards: list[dict[str, Any]] = []
    for kind in (Referral, Caution, Recommendation):
        for fact in sorted(result.of(kind), key=haste):
            summary = labels.fact(fact) if isinstance(fact, Caution) else labels.title(fact)
            summary = labels.say("{}: {}", labels.say(EMERGENCY).upper(), summary) if is_emergency(fact) else summary
            detail = "\n".join(markdown_items(as_lines(result.why(fact), set(), labels)))
            cards.append(card(" ".join(canonical(fact)), summary, detail, _indicator(fact)))
    for conflict in result.conflicts:
        text = " | ".join(map(labels.fact, conflict.facts))
        cited = "\n".join(f"- {statement.cite}: {labels.statement(statement)}" for statement in conflict.sources)
        cards.append(card(conflict.about + text, labels.say("{}: {}", labels.say("Conflicts"), text), cited, "warning"))
    return {"cards": cards}


def _indicator(fact: Fact) -> str:
    if isinstance(fact, Referral):
        return "critical" if fact.urgency in CRITICAL else "warning"
    return "warning" if isinstance(fact, Caution) else "info"
