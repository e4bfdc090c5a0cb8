"""Everything but tables and sessions, measured: `python -m benchmarks` (--write for docs/benchmarks.md and its picture)."""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

from . import costs, patient, picture

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="This library and its peers, side by side.")
    parser.add_argument("--rounds", type=int, default=25, help="turns of each contender (default: 25)")
    parser.add_argument("--rules", type=int, default=100_000, help="the largest rule base to load (default: 100,000)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/benchmarks.svg")
    options = parser.parse_args()
    measured = []
    for count in (0, 1000, 10_000):
        measured.append(patient.measure(count, rounds=options.rounds))
        print(patient.table(measured[-1:]), flush=True)
    growth = costs.growth(options.rules)
    parts = [patient.table(measured), costs.table(growth), costs.json_table(rounds=options.rounds), costs.import_line()]
    print("\n\n".join(parts[1:]))
    if options.write:
        DOCS.mkdir(exist_ok=True)
        (DOCS / "benchmarks.svg").write_text(picture.svg(growth), encoding="utf-8")
        where = f"Python {platform.python_version()}, {platform.machine()}"
        command = f"python -m benchmarks --write --rounds {options.rounds} --rules {options.rules}"
        (DOCS / "benchmarks.md").write_text(PAGE.format(where=where, command=command, parts=parts), encoding="utf-8")


PAGE = """# Benchmarks

Made by `{command}` ({where}). Contenders take turns in one process, every answer is checked against a plain
reference before it is timed, and facts are built anew for each turn and not timed. Trust the ratios, not the times.
Knowledge base A is eleven rules, chained and counting; B(n) adds n random rules of three symptoms, a tenth of them
chained. In parentheses: how many times what this library takes. `pip install clipspy zen-engine` for the peers.

## One patient

{parts[0]}

CLIPS is given the text of its facts, as its Python face asks for; most of its time is spent in reading that.
The rules by hand start from a dictionary; this library from typed facts, and it can explain what it found.

## Loading, memory, and the cost of more rules and more facts

{parts[1]}

![Time for one patient against the number of rules](benchmarks.svg)

## From JSON to JSON

{parts[2]}

{parts[3]}

Tables of cases: `python -m benchmarks.cohort`. A change in a large session: `python -m benchmarks.session`.
"""


if __name__ == "__main__":
    main()
