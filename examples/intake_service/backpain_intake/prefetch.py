"""What CDS Hooks fetches for a call: which searches this service asks for, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.codes import PAIN_SEVERITY, PREGNANCY_STATUS, Code, Term, codes_of, equivalent

MOST = 200
"""How many resources one search brings; more are told by a card."""
PATIENT = "{{context.patientId}}"


def prefetch_of(kb: KnowledgeBase) -> dict[str, str]:
    """The prefetch templates: the newest first, and of observations only those whose codes the packs know."""
    linked = kb.rule_base
    known = (code for id in linked.ids("symptom") for code in equivalent(codes_of(linked, Term("symptom", id))))
    codes = ",".join(
        f"{code.system}|{code.code}" for code in dict.fromkeys((PAIN_SEVERITY, PREGNANCY_STATUS, *known)) if _public(code)
    )
    newest = f"_count={MOST}"
    return {
        "patient": f"Patient/{PATIENT}",
        "conditions": f"Condition?patient={PATIENT}&clinical-status=active,recurrence,relapse&_sort=-recorded-date&{newest}",
        "observations": f"Observation?patient={PATIENT}&code={codes}&_sort=-date&{newest}",
        "medications": f"MedicationRequest?patient={PATIENT}&status=active&_sort=-authoredon&{newest}",
        "statements": f"MedicationStatement?patient={PATIENT}&status=active&_sort=-effective&{newest}",
    }


def _public(code: Code) -> bool:
    return not code.system.startswith("urn:")


def resources_in(prefetch: Mapping[str, dict[str, Any] | None]) -> Iterator[dict[str, Any]]:
    """The resources that were fetched, one by one or as the results of a search. Null and an empty search are nothing."""
    for fetched in prefetch.values():
        if fetched is None or fetched.get("resourceType") == "OperationOutcome":
            continue
        if fetched.get("resourceType") == "Bundle" and isinstance(entries := fetched.get("entry", []), list):
            found = (entry["resource"] for entry in entries if isinstance(entry, dict) and "resource" in entry)
            yield from (one for one in found if not (isinstance(one, dict) and one.get("resourceType") == "OperationOutcome"))
        else:
            yield fetched


def missing_in(prefetch: Mapping[str, dict[str, Any] | None]) -> Iterator[str]:
    """What of the record the cards do not rest on, a sentence for each search that failed or has more pages."""
    for name, fetched in prefetch.items():
        if fetched is None:
            continue
        outcomes = [fetched, *_entries(fetched)]
        failed = [one for one in outcomes if one.get("resourceType") == "OperationOutcome" and _is_error(one)]
        if failed:
            yield f"{name}: the record system answered with an error"
        links = fetched.get("link")
        if isinstance(links, list) and any(isinstance(link, dict) and link.get("relation") == "next" for link in links):
            yield f"{name}: there are more than the {len(_entries(fetched))} that were fetched"


def _entries(fetched: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = fetched.get("entry") if fetched.get("resourceType") == "Bundle" else None
    found = [entry.get("resource") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [one for one in found if isinstance(one, dict)]


def _is_error(outcome: Mapping[str, Any]) -> bool:
    """An outcome may also be a mere hint beside what was found."""
    issues = outcome.get("issue")
    listed = issues if isinstance(issues, list) else []
    return not listed or any(isinstance(one, dict) and one.get("severity") in ("fatal", "error", None) for one in listed)
