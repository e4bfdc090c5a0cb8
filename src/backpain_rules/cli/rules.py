"""`backpain-rules rules`: every rule as text, or where each statement of the sources ended."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence, Set

from ..pack import Pack
from ..source_coverage import Coverage, coverage
from ..vocabulary import RuleEntry
from .console import say, say_utf8
from .installed import add_pack_option, asked_packs, load

FAULT = 1
LABELS = {"sources": "source", "overridden_by": "overridden by", "parameters": "with"}


def add_arguments(parser: ArgumentParser) -> None:
    add_pack_option(parser)
    parser.add_argument(
        "--by-source",
        action="store_true",
        help="show for each statement of each source what it became; exit status 1 when one became nothing",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the list is written (default: text)")


def run(options: Namespace) -> int:
    kb = load(options.pack)
    asked = asked_packs(kb, options.pack)
    if options.by_source:
        return _by_source(kb.packs, asked, as_json=options.format == "json")
    rules = [rule for rule in kb.rules if rule.pack in asked]
    if options.format == "json":
        say_utf8(json.dumps([rule.to_data() for rule in rules], ensure_ascii=False, indent=2))
    else:
        say("\n\n".join("\n".join(_text(rule)) for rule in rules) or "No rules.")
    return 0


def _text(rule: RuleEntry) -> Iterator[str]:
    data = rule.to_data()
    data["sources"] = [f"{statement.cite}: {statement.text}" for statement in rule.statements]
    yield str(data.pop("id"))
    for name, value in data.items():
        if isinstance(value, Mapping):
            value = [f"{parameter} = {shown}" for parameter, shown in value.items()]
        for said in value if isinstance(value, list) else [value]:
            yield f"  {LABELS.get(name, name):<14}{said}"


def _by_source(packs: Sequence[Pack], asked: Set[str], *, as_json: bool) -> int:
    found = coverage(packs, asked)
    if as_json:
        say_utf8(json.dumps(found.to_data(), ensure_ascii=False, indent=2))
    else:
        say("\n".join(_coverage(found)))
    return FAULT if found.missing else 0


def _coverage(found: Coverage) -> Iterator[str]:
    for ending in found.endings:
        one = ending.statement
        if one.id == next(iter(ending.source.statements)):
            yield f"{ending.source.id}: {ending.source.title}"
        standing = "" if one.standing == "stated" else f" ({one.standing})"
        yield f"  {one.id}{standing}{'' if one.at is None else f', {one.at}'}  {one.text}"
        yield from (f"      {what}" for what in ending.became)
        if ending.unused is not None:
            yield f"      unused: {ending.unused}"
        elif ending.is_missing:
            yield "      MISSING: nothing cites it, and the source gives no reason under `unused`"
    if found.unasked:
        yield "\nNo statement asks for these (premises are told by their words, so read them)"
        yield from (f"  {one}" for one in found.unasked)
    if found.readings:
        yield "\nRules that read one statement differently"
        yield from (f"  {line}" for one in found.readings for line in one.lines())
    missing = len(found.missing)
    yield f"\n{len(found.endings)} statements, {f'{missing} of them MISSING' if missing else 'none missing'}"
