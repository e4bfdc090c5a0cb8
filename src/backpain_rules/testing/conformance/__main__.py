"""`python -m backpain_rules.testing.conformance 20000`: engines, sessions and tables held to the meaning of rules."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import Final

from ...errors import EngineError, MissingExtraError
from .batches import PARTS, SIZE, Done, batches, check_of, run_all
from .trial import Tally

PROGRAM: Final = "python -m backpain_rules.testing.conformance"


def main(argv: Sequence[str]) -> int:
    """Exit status 0 without a disagreement, 1 with one, 2 if what was asked for cannot be run."""
    parser = _parser()
    asked = parser.parse_args(argv)
    named = asked.parts is not None
    parts: list[str] = []
    for part in asked.parts or PARTS:
        try:
            check_of(part)
        except (ImportError, MissingExtraError, EngineError) as error:
            if named:
                parser.error(f"--parts {part}: {error}")
            print(f"{part}: not run: {error}", flush=True)
        else:
            parts.append(part)
    todo = batches(asked.rule_bases, parts, asked.seed)
    print(f"{asked.rule_bases} rule bases for each of {', '.join(parts)}; seeds {todo[0].seed} to {todo[-1].seed}", flush=True)
    failed: list[Done] = []
    sums = {part: Tally() for part in parts}
    for done in run_all(todo, asked.processes):
        print(_line(done), flush=True)
        if done.failure:
            failed.append(done)
        for part, tally in done.tallies.items():
            sums[part] += tally
    for part, tally in sums.items():
        print(f"{part}: {tally}")
    for done in failed:
        print(f"seed {done.batch.seed} failed; to see it again: {_again(done)}")
    return 1 if failed else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog=PROGRAM,
        description="Hold engines, sessions and tables to the reference engine on random rule bases of every kind: premises, "
        "joins and packs; chains; circles, rules that cannot fire, overrides, episodes. "
        f"The rule bases come in batches of {SIZE}; each batch has a seed, and prints a line when it is done. "
        "To go on after a break, pass the seed that comes next.",
    )
    parser.add_argument("rule_bases", type=_positive, nargs="?", default=1000, help="how many rule bases each part gets (1000)")
    parser.add_argument("--parts", type=_names, help=f"engines, sessions and tables, with commas between ({','.join(PARTS)})")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first batch (0); each batch has the next")
    parser.add_argument("--processes", type=_positive, default=1, help="how many batches run at the same time (1)")
    return parser


def _line(done: Done) -> str:
    batch = done.batch
    begin = f"seed {batch.seed}: {batch.rule_bases} rule bases, {done.seconds:.0f} s"
    if done.failure:
        return f"{begin}: FAILED\n{done.failure}"
    return begin + "".join(f"; {part} {tally.cases} cases" for part, tally in done.tallies.items())


def _again(done: Done) -> str:
    batch = done.batch
    return f"{PROGRAM} {batch.rule_bases} --seed {batch.seed} --parts {','.join(batch.parts)}"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{text} is less than 1")
    return number


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
