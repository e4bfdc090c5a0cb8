"""`backpain-rules new-pack NAME`: a whole project for a pack of one's own, with a rule that fires and tests that pass.

The project is a folder in `new_pack_template` beside this module, one for each form of a pack. In the names and the texts of its
files `__pack__` stands for the id of the pack, `__project__` for the name of the distribution and `__version__` for the version
of this library.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from .._version import __version__
from ..ir.expressions import check_id
from ..plugins.discovery import discover
from .console import BadInput, say

TEMPLATE = "new_pack_template"
SUFFIX = ".in"
FORMS: Final = {"python": "python -m backpain_pack_{0}", "yaml": "backpain-rules rules --pack {0}.yaml",
                "table": "backpain-rules rules --pack {0}.csv"}  # fmt: skip
"""The forms of a pack, each with the command that shows its rules."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the id of the pack: letters, digits and '_', such as desk_work")
    parser.add_argument("--in", dest="folder", default=".", metavar="FOLDER", help="where to make the project (default: here)")
    parser.add_argument(
        "--format",
        choices=tuple(FORMS),
        default="python",
        help="how the pack is written: in Python, as data in YAML, or as a decision table in CSV (default: python)",
    )


def run(options: Namespace) -> int:
    pack = _checked(options.name)
    names = {"__pack__": pack, "__project__": f"backpain-pack-{pack.replace('_', '-')}", "__version__": __version__}
    project = Path(options.folder) / names["__project__"]
    try:
        project.mkdir(parents=True)
        for place, text in _filled(options.format, names):
            file = project / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except FileExistsError as error:
        raise BadInput(f"{project} is there already; choose another name, or another place with --in") from error
    except OSError as error:
        raise BadInput(f"{error.filename or project}: {error.strerror}") from error
    say(
        f"{project} has a pack with two rules. To see them, and to run its tests:\n"
        f"    cd {project}\n"
        f"    {FORMS[options.format].format(pack)}\n"
        "    python -m pytest\n"
        "Its README.md says what to change first."
    )
    return 0


def _checked(name: str) -> str:
    """The name as the id of a new pack that is a Python name too."""
    pack = check_id(name, "pack")
    if "-" in pack or pack != pack.lower():
        raise BadInput(f"{name!r} is to be a Python module too: write {pack.lower().replace('-', '_')!r}")
    taken = {name: found.distribution for found in discover().packs for name in (found.pack.id, found.entry_point)}
    if pack in taken:
        raise BadInput(f"{pack!r} is the name of an installed pack, of {taken[pack]}; choose another")
    return pack


def _filled(form: str, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each file of the project: its place and its text."""

    def fill(text: str) -> str:
        for mark, name in names.items():
            text = text.replace(mark, name)
        return text

    for place, file in _files(files(__package__) / TEMPLATE / form):
        yield fill(place).removesuffix(SUFFIX), fill(file.read_text(encoding="utf-8"))


def _files(folder: Traversable, place: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _files(item, f"{place}{item.name}/")
        elif item.name.endswith(SUFFIX):
            yield f"{place}{item.name}", item
