"""The knowledge base that a command works with: the packs that were named, or all, with the parameters that were set."""

from __future__ import annotations

import warnings
from argparse import ArgumentParser
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..durations import DurationError, parse_duration
from ..errors import RuleBaseWarning, shown
from ..ir.conclusions import spoken
from ..ir.expressions import Parameter
from ..knowledge import KnowledgeBase
from ..plugins.discovery import discover
from .console import BadInput, complain

EXPECTED = {int: "a whole number", float: "a number"}


def add_pack_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--pack", action="append", default=[], metavar="NAME", help="a pack to load, with those it requires (default: every one)"
    )


def add_set_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PACK:PARAM=VALUE",
        help="give a parameter another value: acupuncture:min_signs=2, acupuncture:chronic_after='8 weeks'",
    )


def load(names: Sequence[str], settings: Sequence[str] = ()) -> KnowledgeBase:
    """The knowledge base of these packs, or of all, with these parameters (`PACK:PARAM=VALUE`).

    A broken pack that was not asked for is a warning.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuleBaseWarning)  # told below, in the way of the command line
        kb = KnowledgeBase.load(*names)
        for error in kb.broken:
            complain("warning", f"{error}; it is left out")
        kb = KnowledgeBase(kb.packs, parameters=_values(kb, settings)) if settings else kb
    for text in kb.warnings:
        complain("warning", text)
    return kb


def load_one(name: str) -> KnowledgeBase:
    """The knowledge base of one pack, with those that it requires: a file or a folder if there is one, else an installed pack."""
    path = Path(name)
    return KnowledgeBase.load(path if path.exists() else name)


def asked_packs(kb: KnowledgeBase, names: Collection[str]) -> set[str]:
    """The ids of the packs that were named, and not of those that they require; of all when none was named."""
    if not names:
        return {pack.id for pack in kb.packs}
    installed = discover().packs
    from_files = {pack.id for pack in kb.packs if not any(pack is found.pack for found in installed)}
    return from_files | {found.pack.id for found in installed if {found.pack.id, found.entry_point} & set(names)}


def _values(kb: KnowledgeBase, settings: Sequence[str]) -> dict[str | Parameter[Any], object]:
    """Each value read as the type of its parameter. A name that no pack has is for the knowledge base to refuse."""
    values: dict[str | Parameter[Any], object] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals:
            raise BadInput(f"--set takes PACK:PARAM=VALUE, not {setting!r}")
        known = kb.rule_base.parameters.get(name)
        values[name] = _parse(known[0], name, text) if known else text
    return values


def _parse(number: Parameter[Any], name: str, text: str) -> object:
    """The text as a value of this parameter."""
    try:
        return parse_duration(text) if number.base is timedelta else TypeAdapter(number.base).validate_python(text)
    except DurationError as error:
        raise BadInput(f"--set {name}: {shown(text)}: {error}; its default is {spoken(number.default)}") from None
    except ValidationError:
        expected = EXPECTED.get(number.base, f"a {number.base.__name__}")
        raise BadInput(f"--set {name}: {shown(text)} is not {expected}; its default is {spoken(number.default)}") from None
