"""What a CDS Hooks call brings with it, mutated: cards or none, and nothing but the library's errors."""

from __future__ import annotations

from datetime import date
from typing import Any

from fuzzing import fuzz
from mutations import mutated
from test_fhir import BUNDLES, PATIENT, RESOURCES

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import read_fhir

PREFETCHED = [{"patient": PATIENT, "conditions": one, "observations": None} for one in (*BUNDLES[:2], *RESOURCES[1:4])]


def test_a_mutated_prefetch_gives_cards_or_is_refused(inputs: int) -> None:
    kb = KnowledgeBase.load()

    def read(prefetch: Any) -> None:
        resources = prefetch.values() if isinstance(prefetch, dict) else [prefetch]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
        found = read_fhir(kb, bundle, version="R4B", at=date(2026, 5, 21), patient="1", strict=True)
        for card in cds_cards(kb.assess(found.facts))["cards"]:
            assert len(card["summary"]) <= 140

    fuzz("prefetch", inputs, PREFETCHED, mutated, read)
