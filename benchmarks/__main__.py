"""Everything but sessions and proofs, measured: `python -m benchmarks` (--write for docs/benchmarks.md and its picture)."""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from . import costs, patient, picture

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="This library and its peers, side by side.")
    parser.add_argument("--rounds", type=int, default=25, help="turns of each contender (default: 25)")
    parser.add_argument("--rules", type=int, default=100_000, help="the largest rule base to load (default: 100,000)")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the tables for A (default: 1,000,000; 0 for none)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/benchmarks.svg")
    options = parser.parse_args()
    started = time.monotonic()
    measured = []
    for count in (0, 1000, 10_000):
        measured.append(patient.measure(count, rounds=options.rounds))
        print(patient.table(measured[-1:]), flush=True)
    growth = costs.growth(options.rules)
    parts = [patient.table(measured), costs.table(growth), costs.json_table(rounds=options.rounds)]
    parts += [costs.results_table(rounds=options.rounds), costs.import_line()]
    print("\n\n".join(parts[1:]), flush=True)
    parts.append("\n".join(shown(tables(options.rows))))
    print(f"\n{time.monotonic() - started:,.0f} s in all.")
    if options.write:
        DOCS.mkdir(exist_ok=True)
        (DOCS / "benchmarks.svg").write_text(picture.svg(growth), encoding="utf-8")
        where = f"Python {platform.python_version()}, {platform.machine()}"
        command = f"python -m benchmarks --write --rounds {options.rounds} --rules {options.rules} --rows {options.rows}"
        (DOCS / "benchmarks.md").write_text(PAGE.format(where=where, command=command, parts=parts), encoding="utf-8")


def shown(lines: Iterable[str]) -> Iterable[str]:
    """The lines, printed as they come."""
    for line in lines:
        print(line, flush=True)
        yield line


def tables(rows: int) -> Iterable[str]:
    """Tables of cases against Polars and numpy, where they are installed."""
    if not rows or not all(map(find_spec, ("polars", "numpy", "pyarrow"))):
        return ["Not measured: `pip install polars 'backpain-rules[cohort]'`."]
    from . import cohort

    return cohort.measured(rows)


PAGE = """# Benchmarks

Made by `{command}` ({where}). Contenders take turns in one process, every answer is checked against a plain
reference before it is timed, and facts are built anew for each turn and not timed. Trust the ratios, not the times.
Knowledge base A is eleven rules, chained and counting; B(n) adds n random rules of three symptoms, a tenth of them
chained. In parentheses: how many times what this library takes. For the peers: `pip install clipspy zen-engine datalogic-py
business-rules durable-rules polars`.

## One patient

{parts[0]}

CLIPS is given the text of its facts, as its Python face asks for; most of its time is spent in reading that.
datalogic-py evaluates and does not chain, so each conclusion is written out for it down to the facts; business-rules goes
once through its rules, in an order that suits them. The rules by hand start from a dictionary; this library from typed
facts, and it can explain what it found.

## Loading, memory, and the cost of more rules and more facts

{parts[1]}

![Time for one patient against the number of rules](benchmarks.svg)

## From JSON to JSON

{parts[2]}

## Results of the shipped packs

{parts[3]}

{parts[4]}

## Tables of cases

{parts[5]}

A stream from file to file: `python -m benchmarks.cohort --stream 10000000`. A change in a large session:
`python -m benchmarks.session`. What each proof costs: `python benchmarks/proofs.py`.
"""


if __name__ == "__main__":
    main()
