"""`backpain-rules cohort`: what follows from each row of a table of cases, from file to file."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError
from ..knowledge import KnowledgeBase
from .console import BadInput, complain, say
from .installed import add_pack_option, add_set_option, load, load_one

DIFFERENT = 1

if TYPE_CHECKING:
    from tqdm import tqdm


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("input", nargs="?", metavar="IN", help="the table of cases: *.parquet, *.arrow or *.csv, one row a case")
    parser.add_argument("output", nargs="?", metavar="OUT", help="the table of results, in the format of its name")
    parser.add_argument(
        "--long", action="store_true", help="IN has the columns case, term and value, one row for each thing that is said"
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="COLUMN",
        help="carry this column over without reading it, whatever its name",
    )
    parser.add_argument(
        "--diff",
        nargs=2,
        metavar=("OLD", "NEW"),
        help="write to OUT the rows of IN on which two versions of a pack differ, with the rules that make the difference; "
        "each is an installed pack by its name, or a folder or file of one",
    )
    parser.add_argument("--columns", action="store_true", help="list the columns that IN can have and OUT has, and do no more")
    add_pack_option(parser)
    add_set_option(parser)


def run(options: Namespace) -> int:
    if not options.columns and not (options.input and options.output):
        raise BadInput("cohort takes IN and OUT, two files; or --columns")
    if options.diff:
        return _diff(options)
    kb = load(options.pack, options.set)
    for kind in kb.cohort_columns().left_out:
        complain("warning", f"{kind.__name__} has an unbounded key, so it has no columns: every row is a case without such facts")
    if options.columns:
        say("\n".join(_columns(kb)))
    else:
        _run(kb, Path(options.input), Path(options.output), long=options.long, ignore=options.ignore)
    return 0


def _diff(options: Namespace) -> int:
    if options.columns or options.long or options.pack or options.set:
        raise BadInput("cohort --diff OLD NEW takes IN, OUT and --ignore, and no other option")
    source, target = Path(options.input), Path(options.output)
    if not target.parent.is_dir():
        raise BadInput(f"{target}: there is no folder {target.parent}")
    old, new = (load_one(name) for name in options.diff)
    try:
        from ..cohort.files import diff_files
    except ImportError as error:
        raise MissingExtraError(f"cohort needs {error.name}: pip install 'backpain-rules[cohort]'", extra="cohort") from None
    kernels = [kb._kernel.ignoring(options.ignore) for kb in (old, new)]
    try:
        rows = diff_files(kernels[0], kernels[1], source, target)
    except OSError as error:
        raise BadInput(f"{error.filename or source}: {error.strerror or error}") from None
    say(f"{rows} rows change." if rows != 1 else "1 row changes.")
    return DIFFERENT if rows else 0


def _columns(kb: KnowledgeBase) -> list[str]:
    columns = kb.cohort_columns()
    lines = ["IN: what is said of a case; null is unknown, and other columns are carried over", ""]
    lines += [f"  {column.name:<50}  {column.holds}" for column in columns.inputs]
    lines += ["", "OUT: true is established, null is still possible, false is not possible", ""]
    return lines + [f"  {column.name}" for column in columns.outputs]


def _run(kb: KnowledgeBase, source: Path, target: Path, *, long: bool, ignore: Sequence[str]) -> None:
    if not target.parent.is_dir():
        raise BadInput(f"{target}: there is no folder {target.parent}")
    try:
        from tqdm import tqdm

        from ..cohort.files import run_file
    except ImportError as error:
        raise MissingExtraError(f"cohort needs {error.name}: pip install 'backpain-rules[cohort]'", extra="cohort") from None
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with tqdm(unit=" rows", unit_scale=True, disable=None) as bar:
            run_file(kb._kernel.ignoring(ignore), source, target, long=long, progress=lambda done, of: _show(bar, done, of))
    except OSError as error:
        raise BadInput(f"{error.filename or source}: {error.strerror or error}") from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _show(bar: tqdm[Any], done: int, of: int | None) -> None:
    bar.total = of
    bar.update(done - bar.n)


def _stop(*_: object) -> None:
    """Leave as an error does, so that what was half-written goes."""
    raise KeyboardInterrupt
