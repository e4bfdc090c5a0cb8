"""`backpain-rules terms`: what the packs declare, with labels, questions and codes."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import Final

from ..vocabulary import TermEntry
from .console import say, say_utf8
from .installed import add_pack_option, asked_packs, load

KINDS: Final = ("symptom", "condition", "intervention")


def add_arguments(parser: ArgumentParser) -> None:
    add_pack_option(parser)
    parser.add_argument("--kind", choices=KINDS, help="list only these (default: all)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the list is written (default: text)")


def run(options: Namespace) -> int:
    kb = load(options.pack)
    asked = asked_packs(kb, options.pack)
    terms = [term for term in kb.terms if term.pack in asked and options.kind in (None, term.kind)]
    if options.format == "json":
        say_utf8(json.dumps([term.to_data() for term in terms], ensure_ascii=False, indent=2))
    else:
        say("\n".join(_text(terms)) or "No terms.")
    return 0


def _text(terms: Sequence[TermEntry]) -> Iterator[str]:
    for kind in KINDS:
        of_kind = [term for term in terms if term.kind == kind]
        if of_kind:
            yield f"{kind.capitalize()}s"
        for term in of_kind:
            yield f"  {term.id}: {term.label} ({term.pack})"
            if term.question is not None:
                yield f"      {term.question}{'' if term.ask_of == 'patient' else f' (asked of a {term.ask_of})'}"
            if term.codes:
                yield f"      codes: {', '.join(f'{one.system} {one.code}' for one in term.codes)}"
