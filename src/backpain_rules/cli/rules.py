"""`backpain-rules rules`: every rule as text, or where each statement of the sources ended."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping

from ..link.model import Linked
from ..vocabulary import RuleEntry
from .by_source import endings
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
        return _by_source(kb.rule_base, asked, as_json=options.format == "json")
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


def _by_source(linked: Linked, asked: set[str], *, as_json: bool) -> int:
    found = endings(linked, asked)
    missing = [ending for ending in found if ending.is_missing]
    if as_json:
        say_utf8(json.dumps([ending.to_data() for ending in found], ensure_ascii=False, indent=2))
    else:
        say("\n".join(line for ending in found for line in ending.lines()))
        say(f"\n{len(found)} statements, {f'{len(missing)} of them MISSING' if missing else 'none missing'}")
    return FAULT if missing else 0
