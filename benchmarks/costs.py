"""What it costs: loading, memory and one patient by the number of rules, then of facts; JSON in and out; the import."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from backpain_rules import KnowledgeBase, present

from .patient import timed
from .peers import zen_model
from .rule_bases import POOL, SIGNS, YANG, YIN, drawn_cases, drawn_rules, knowledge_base, reference


class Growth(NamedTuple):
    """One size of B: CPU seconds to declare and load it, what it keeps in memory, and microseconds for one patient."""

    rules: int
    seconds: float
    megabytes: float | None
    micros: float


def growth(most: int) -> list[Growth]:
    """B from ten rules up; memory is traced, which is slow, so up to ten thousand only."""
    found: list[Growth] = []
    for rules in (10, 100, 1000, 10_000, 100_000):
        if rules > most:
            break
        drawn = drawn_rules(rules)
        started = time.process_time()
        kb = knowledge_base(drawn)
        seconds = time.process_time() - started
        cases = drawn_cases(50, drawn)
        for case in cases[:5]:
            assert {fact.condition for fact in kb.assess(case.facts()).findings} == reference(case, drawn)
        micros = statistics.median(timed(_findings(kb), [case.facts() for case in cases]) for _ in range(7))
        found.append(Growth(rules, seconds, _megabytes(rules) if rules <= 10_000 else None, micros))
    return found


def _findings(kb: KnowledgeBase) -> Callable[[Any], object]:
    return lambda facts: kb.assess(facts).findings


def _megabytes(rules: int) -> float:
    drawn = drawn_rules(rules)
    tracemalloc.start()
    kb = knowledge_base(drawn)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kb.packs
    return kept / 2**20


def table(growth: Sequence[Growth]) -> str:
    lines = ["| rules of B | declared and loaded, CPU s | kept, MB | one patient of 29 facts, µs |", "|---|---|---|---|"]
    for g in growth:
        lines.append(
            f"| {g.rules:,} | {g.seconds:.2f} | {'-' if g.megabytes is None else f'{g.megabytes:.1f}'} | {g.micros:,.0f} |"
        )
    lines += ["", "| facts of a case, B(1,000) | one patient, µs |", "|---|---|"]
    kb = knowledge_base(drawn_rules(1000))
    for count in (1, 10, 100, len(POOL) + len(SIGNS)):
        facts = [present(name) for name in (*SIGNS, *POOL)[:count]]
        micros = statistics.median(timed(lambda given: kb.assess(given).findings, [facts] * 20) for _ in range(7))
        lines.append(f"| {count} | {micros:,.0f} |")
    return "\n".join(lines)


TEN_FACTS = {
    "facts": [
        {"type": "pain", "region": "lumbar", "severity": 3, "duration": "P200D"},
        {"type": "injury", "region": "lumbar", "present": False},
        *({"type": "symptom", "term": name} for name in ("night_sweats", "hot_flashes", "weak_knees")),
        *({"type": "symptom", "term": name, "present": False} for name in ("cold_feet", "muscle_imbalance", "dampness")),
        {"type": "diagnosis", "condition": "herniated_disk", "present": False},
        {"type": "patient", "age": 52},
    ]
}


def json_table(*, rounds: int) -> str:
    """Ten facts as JSON text to a result as JSON text: findings alone, all that is known of them, and the shipped pack."""
    kb, shipped = knowledge_base(), KnowledgeBase.load("acupuncture")
    cases = drawn_cases(50)
    kept = ("muscle_weakness", "muscle_imbalance", *YIN[:3], *YANG[:2], "dampness", "heat")
    ours, theirs = [], []
    for case in cases:
        signs = {name: case.signs[name] for name in kept}
        said = [{"type": "symptom", "term": name, "present": there} for name, there in signs.items()]
        ours.append(json.dumps({"facts": [{"type": "complaint", **case.complaint}, *said]}))
        absent = dict.fromkeys(SIGNS, False)
        theirs.append(json.dumps({**case.complaint, **absent, **signs}))

    def findings(text: str) -> str:
        found = kb.assess(kb.read_case(text)).findings
        return json.dumps({"findings": [fact.model_dump(mode="json") for fact in found]})

    runs: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "backpain_rules, findings": (findings, ours),
        "backpain_rules, `to_json()`: all, with what is firm and undecided": (
            lambda text: kb.assess(kb.read_case(text)).to_json(), ours,
        ),
        "backpain_rules, `to_json()`, shipped acupuncture pack": (
            lambda text: shipped.assess(shipped.read_case(text)).to_json(), [json.dumps(TEN_FACTS)] * 20,
        ),
    }  # fmt: skip
    if find_spec("zen"):
        from zen import ZenEngine

        decision = ZenEngine().create_decision(zen_model(()))

        def evaluate(text: str) -> str:
            return json.dumps(decision.evaluate(json.loads(text)))

        for mine, other in zip(ours, theirs, strict=True):
            held = {name for name, said in json.loads(evaluate(other))["result"].items() if said is True}
            assert {fact["condition"] for fact in json.loads(findings(mine))["findings"]} == held
        runs["zen-engine"] = (evaluate, theirs)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (run, given) in runs.items():
            times[name].append(timed(run, given))
    first = statistics.median(next(iter(times.values())))
    lines = ["| ten facts, JSON text to JSON text | µs | times the first |", "|---|---|---|"]
    for name, measured in times.items():
        lines.append(f"| {name} | {statistics.median(measured):,.1f} | {statistics.median(measured) / first:.2f} |")
    return "\n".join(lines)


CASES = Path(__file__).parents[1] / "examples" / "cases"


def results_table(*, rounds: int) -> str:
    """The shipped packs together: what each face of a result costs, the mean over the example cases."""
    kb = KnowledgeBase.load()
    files = [path for path in sorted(CASES.rglob("*.json")) if not path.name.endswith(".expected.json")]
    cases = [kb.read_case(path.read_text(encoding="utf-8")) for path in files]
    faces: dict[str, Callable[[Any], object]] = {
        "`to_json()`": lambda result: result.to_json(),
        "`explain()`": lambda result: result.explain(),
        "`report().to_html()`": lambda result: result.report().to_html(),
    }
    times: dict[str, list[float]] = {name: [] for name in faces}
    for _ in range(rounds):
        for name, face in faces.items():
            results = [kb.assess(case) for case in cases]  # anew: a result keeps what it worked out
            started = time.process_time()
            for result in results:
                face(result)
            times[name].append((time.process_time() - started) / len(results) * 1e3)
    lines = [f"| shipped packs, {len(cases)} example cases | CPU ms a case |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {statistics.median(measured):.2f} |" for name, measured in times.items())])


def import_line() -> str:
    """What the import adds to pydantic's own, each in a process of its own, in turns."""
    times: dict[str, list[float]] = {"import pydantic": [], "import pydantic, backpain_rules": []}
    times["import pydantic; from backpain_rules import KnowledgeBase"] = []
    for _ in range(7):
        for statement, measured in times.items():
            code = f"import time; t = time.process_time(); {statement}; pydantic.BaseModel; print(time.process_time() - t)"
            said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
            measured.append(float(said))
    own, bare, whole = (statistics.median(measured) * 1000 for measured in times.values())
    return (
        f"Imports, CPU: pydantic's `BaseModel` {own:.0f} ms; with `import backpain_rules` {bare - own:+.0f} ms, "
        f"with `KnowledgeBase` too {whole - own:+.0f} ms."
    )
