"""pytest --pack-coverage: what a test-suite never shows of a pack is reported, and can fail the run."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backpain_rules import KnowledgeBase, Pack, Pain, Rule, all_of, condition, each, symptom
from backpain_rules.testing import watching
from backpain_rules.testing.coverage import Coverage

PACK = """
from backpain_rules import KnowledgeBase, Pack, Pain, Rule, all_of, condition, each, symptom, unless

COLD, REST = symptom("cold", "Cold", ask="Cold?"), symptom("rest", "Rest", ask="Rest?")
CHILL, FLU = condition("chill", "Chill"), condition("flu", "Flu")
pain = each(Pain, region="neck")
chill = Rule("chill", when=all_of(COLD, unless(REST)), then=CHILL.finding())
flu = Rule("flu", when=all_of(CHILL, pain.severity >= 5), then=FLU.finding())
KB = KnowledgeBase([Pack("winter", version="1", title="Winter", rules=[chill, flu])])
"""
SOME = """
from winter import COLD, KB, Pain

def test_some(): assert KB.assess([COLD.present]).findings
"""
FULL = """
import pytest
from winter import KB

@pytest.mark.parametrize("case", KB.test_cases().cases)
def test_all(case): assert {f: f for f in KB.assess(case.facts).derived} == {one.fact: one.fact for one in case.expected}
"""


def run(folder: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "winter.py").write_text(PACK)
    (folder / "test_winter.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


def test_what_was_never_shown_is_reported_and_less_than_the_minimum_fails_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, SOME, "--pack-coverage=winter", "--pack-coverage-min=50")
    assert done.returncode == 1
    assert "1 passed" in done.stdout
    assert "winter:flu" in done.stdout
    assert "never fires" in done.stdout
    assert "never: rest false" in done.stdout
    assert "never: cold true" not in done.stdout
    assert "FAILED less than 50 % of what is possible was shown of winter" in done.stdout


def test_the_cases_made_from_the_rules_show_all_that_can_be_shown(tmp_path: Path) -> None:
    done = run(tmp_path, FULL, "--pack-coverage=winter", "--pack-coverage-min=100")
    assert done.returncode == 0, done.stdout
    assert "winter: 100.0 %" in done.stdout


def test_workers_send_what_they_saw(tmp_path: Path) -> None:
    tests = "from backpain_rules import *\ndef test_it(): KnowledgeBase.load('tcm_signs').assess([present('hot_flashes')])\n"
    done = run(tmp_path, tests, "--pack-coverage=tcm_signs", "-n1")
    assert "1 passed" in done.stdout
    (shown,) = re.findall(r"tcm_signs: [0-9.]+ % \((\d+) of \d+ things shown\)", done.stdout)
    assert int(shown) > 0


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--pack-coverage=acupunctur"], 1, "did you mean 'acupuncture'?"),
        (
            ["--pack-coverage", "test_winter.py"],
            4,
            "'test_winter.py' was taken for the name of a pack: write --pack-coverage=NAME",
        ),
        (["--pack-coverage-min=50"], 4, "--pack-coverage-min needs --pack-coverage=NAME"),
        (["--pack-coverage=winter", "--pack-coverage-min=most"], 4, "invalid float value: 'most'"),
    ],
)
def test_options_that_cannot_be_used_are_said(tmp_path: Path, options: list[str], status: int, said: str) -> None:
    done = run(tmp_path, SOME, *options)
    assert done.returncode == status
    assert said in done.stdout + done.stderr


# --- what is seen -------------------------------------------------------------------------------------------------------

COLD, CHILL = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
pain = each(Pain, region="neck")


def winter(severity: int = 5) -> KnowledgeBase:
    rule = Rule("chill", when=all_of(COLD, pain.severity >= severity), then=CHILL.finding())
    return KnowledgeBase([Pack("winter", version="1", title="Winter", rules=[rule])])


def test_sessions_are_seen_and_nothing_is_seen_any_more_when_nobody_watches() -> None:
    kb, coverage = winter(), Coverage(["winter"])
    with watching(coverage.see):
        session = kb.session()
        session.insert(COLD.present)
        session.insert(Pain(region="neck", severity=5))
    assert ("winter:chill", "", "fires", "", "", "") in coverage.seen
    before = len(coverage.seen)
    kb.assess([COLD.absent])
    assert len(coverage.seen) == before


def test_other_threads_are_not_watched() -> None:
    kb, coverage = winter(), Coverage(["winter"])
    with watching(coverage.see), ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(kb.assess, [COLD.present]).result().facts == (COLD.present,)
    assert not coverage.seen


def test_other_packs_and_what_proofs_replay_are_not_seen() -> None:
    coverage = Coverage(["summer"])
    with watching(coverage.see):
        winter().assess([COLD.present])
    assert not coverage.seen
    coverage = Coverage(["winter"])
    with watching(coverage.see):
        assert winter().check() == ()
    assert not coverage.seen


def test_a_value_is_beside_its_threshold_within_one_step_of_it() -> None:
    coverage = Coverage(["winter"])
    with watching(coverage.see):
        for severity in (2, 6):
            winter().assess([COLD.present, Pain(region="neck", severity=severity)])
    assert {goal.at for goal in coverage.seen if goal.against and "severity" in goal.leaf} == {"", "above"}
