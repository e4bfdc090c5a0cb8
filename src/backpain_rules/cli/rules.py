"""`backpain-rules rules`: every rule as text, or where each statement of the sources ended."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping

from ..explain.explainer import parameters_of
from ..ir.conclusions import spoken
from ..ir.premises import Exists
from ..ir.render import Namer, render, render_conclusion
from ..ir.walk import variables, walk
from ..knowledge import KnowledgeBase
from ..link.model import Linked, LinkedRule
from ..plugins.discovery import discover
from .by_source import endings
from .console import say, say_utf8
from .installed import add_pack_option, load

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
    linked = kb.rule_base
    asked = _asked(kb, set(options.pack))
    if options.by_source:
        return _by_source(linked, asked, as_json=options.format == "json")
    rules = [rule for rule in linked.rules if rule.pack in asked]
    if options.format == "json":
        say_utf8(json.dumps([_data(linked, rule) for rule in rules], ensure_ascii=False, indent=2))
    else:
        say("\n\n".join("\n".join(_text(linked, rule)) for rule in rules) or "No rules.")
    return 0


def _asked(kb: KnowledgeBase, names: set[str]) -> set[str]:
    """The ids of the packs that were named, and not of those that they require; of all when none was named."""
    if not names:
        return {pack.id for pack in kb.packs}
    installed = discover().packs
    from_files = {pack.id for pack in kb.packs if not any(pack is found.pack for found in installed)}
    return from_files | {found.pack.id for found in installed if {found.pack.id, found.entry_point} & names}


def _data(linked: Linked, rule: LinkedRule) -> dict[str, object]:
    """One rule as JSON data; what it does not have is left out."""
    names = Namer()
    when = render(rule.rule.premise, names)
    data: dict[str, object] = {
        "id": rule.name,
        "each": _patterns(rule, names),
        "when": when,
        "then": [render_conclusion(template, names) for template in rule.rule.conclusions],
        "parameters": {name: spoken(value) for name, value in parameters_of(linked, rule)},
        "sources": [statement.cite for statement in rule.rule.statements],
        "overrides": [other.name for other in linked.rules if rule.name in other.overridden_by],
        "overridden_by": list(rule.overridden_by),
        "replaces": rule.replaces,
        "note": rule.rule.note,
    }
    return {name: value for name, value in data.items() if value}


def _patterns(rule: LinkedRule, names: Namer) -> list[str]:
    """The facts that the whole rule speaks of and that its author narrowed down: `finding = each(Finding, condition=...)`."""
    nodes = list(walk(rule.rule.premise))
    mentioned = dict.fromkeys(v for node in nodes if not isinstance(node, Exists) for v in variables(node))
    inside = {v for node in nodes if isinstance(node, Exists) for v in variables(node)}
    return [f"{names(v)} = {names.declared(v)}" for v in mentioned if v._where and v not in inside]


def _text(linked: Linked, rule: LinkedRule) -> Iterator[str]:
    data = _data(linked, rule)
    data["sources"] = [f"{statement.cite}: {statement.text}" for statement in rule.rule.statements]
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
