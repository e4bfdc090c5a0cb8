"""A report as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from .._version import __version__
from ..acceptance import CODES
from ..facts.base import to_data
from ..rule import Written
from .diagnostic import Diagnostic, Report, say_case

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(report: Report) -> dict[str, Any]:
    """The findings as one run. Accepted findings are included as suppressed, with the reason.

    Results of one group share the fingerprint `cause`. The groups, with their proposals, are a property of the run.
    """
    rules = [
        {
            "id": code,
            "name": name,
            "shortDescription": {"text": name.replace("-", " ")},
            "defaultConfiguration": {"level": "error"},
        }
        for code, name in CODES.items()
    ]
    driver = {"name": "backpain-rules", "semanticVersion": __version__, "rules": rules}
    notes = [{"level": "note", "message": {"text": f"not proved: {text}"}} for text in report.not_proved]
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": notes}
    groups = {one.key: group.title for group in report.groups for one in group.findings}
    results = [_result(one, groups.get(one.key)) for one in (*report, *report.accepted)]
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    if report.groups:
        run["properties"] = {"groups": [group.to_data() for group in report.groups]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Diagnostic, cause: str | None) -> dict[str, Any]:
    instance = f"; for instance: {say_case(one.witness)}" if one.witness is not None else ""
    locations = [_location(written, name) for name, written in one.places.items()]
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": list(CODES).index(one.code),
        "level": "error",
        "message": {"text": f"{one.message}{instance}"},
        "partialFingerprints": {"subjects": "+".join(one.subjects)},
    }
    if cause is not None:
        result["partialFingerprints"]["cause"] = cause
    if locations:
        result["locations"], result["relatedLocations"] = locations[:1], locations[1:]
    if one.witness is not None:
        result["properties"] = {"witness": {"facts": [to_data(fact) for fact in one.witness]}}
    if one.accepted is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": one.accepted.reason}]
    return result


def _location(written: Written, name: str) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(written.file)}, "region": {"startLine": written.line}},
        "logicalLocations": [{"fullyQualifiedName": name}],
    }


def _uri(file: str) -> str:
    path, here = Path(file), Path.cwd()
    if path.is_relative_to(here):
        return path.relative_to(here).as_posix()
    return path.as_uri() if path.is_absolute() else path.as_posix()
