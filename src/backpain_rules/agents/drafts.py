"""Find the faults of a draft: failed proofs, failed example cases and missing sources, each with a patient or a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..errors import PackLoadError, shown
from ..explain.words import say_fact
from ..facts.base import Fact, to_data
from ..knowledge import KnowledgeBase
from ..link.declared import required_by
from ..pack import Pack
from ..pack_data import pack_from_data, pack_from_yaml
from ..rule import Rule
from ..source_coverage import coverage

MOST_BYTES: Final = 1 << 20
"""How long a draft may be as text; the shipped packs have less than 100 kB."""


def read_draft(draft: str | Mapping[str, Any], known: Sequence[Pack]) -> Pack:
    """The pack in a draft: data, JSON text or YAML text. Raises `PackLoadError`; nothing in it is run, and no file is read."""
    try:
        text = draft if isinstance(draft, str) else json.dumps(draft, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PackLoadError(f"a draft is JSON data, or JSON or YAML text; {shown(draft)} is not: {error}", place="") from None
    if len(text) > MOST_BYTES:
        raise PackLoadError(f"a draft has at most {MOST_BYTES >> 10} kB; this one has {len(text) >> 10} kB", place="")
    if not isinstance(draft, str):
        return pack_from_data(draft, requires=known)
    if text.lstrip().startswith("{"):
        return pack_from_data(text, requires=known)
    return pack_from_yaml(text, requires=known, file="draft.yaml")


def knowledge_base_of(pack: Pack, known: Sequence[Pack]) -> KnowledgeBase:
    """The rules of a draft with those of the packs that it requires."""
    return KnowledgeBase([*required_by(pack, known), pack])


def findings_of(kb: KnowledgeBase, pack: Pack, seconds: float | None) -> Iterator[dict[str, Any]]:
    """Each fault of a draft: `kind`, `message`, `rules` and, where one shows it, `patient`."""
    for text in kb.warnings:
        yield {"kind": "warning", "message": text, "rules": []}
    for rule in pack.rules:
        yield from _of_examples(kb, pack, rule)
    yield from _of_sources(kb.packs, pack)
    report = kb.check(seconds=seconds)
    for one in report:
        data = one.to_data()
        yield {"kind": data["code"], "message": str(one), "rules": list(data.get("rules", [])), "patient": data.get("witness")}
    if not report.complete:
        yield {"kind": "unfinished", "message": f"not proved in {seconds} s: {'; '.join(report.not_proved)}", "rules": []}


def _of_examples(kb: KnowledgeBase, pack: Pack, rule: Rule) -> Iterator[dict[str, Any]]:
    name = f"{pack.id}:{rule.id}"
    for cases, should in ((rule.fires_on, True), (rule.silent_on, False)):
        for case in cases:
            if (name in kb.assess(list(case)).fired) != should:
                does = "is silent on a case that its fires_on has" if should else "fires on a case that its silent_on has"
                yield {
                    "kind": "example", "message": f"rule {name} {does}: {_said(case)}", "rules": [name],
                    "patient": [to_data(fact) for fact in case],
                }  # fmt: skip
    if not rule.fires_on or not rule.silent_on:
        missing = " and ".join(word for word, cases in (("fires_on", rule.fires_on), ("silent_on", rule.silent_on)) if not cases)
        message = f"rule {name} has no case in {missing}: add a small patient, so that the rule can be tried"
        yield {"kind": "no-example", "message": message, "rules": [name]}


def _of_sources(packs: Sequence[Pack], pack: Pack) -> Iterator[dict[str, Any]]:
    found = coverage(packs, {pack.id})
    for one in found.unasked:
        if one.premise is None and one.name.startswith("rule "):
            yield {"kind": "no-source", "message": str(one), "rules": [one.name.removeprefix("rule ")]}
    for ending in found.missing:
        message = (
            f"no rule cites {ending.statement.cite}, {ending.statement.text!r}: write its rule, or say under unused why there is "
            "none"
        )
        yield {"kind": "unread-statement", "message": message, "rules": []}


def review_of(packs: Sequence[Pack], pack: Pack) -> list[str]:
    """What a person should compare with the text: premises that no cited statement has a word of, and statements that several
    rules read differently. It is no fault."""
    found = coverage(packs, {pack.id})
    premises = [str(one) for one in found.unasked if one.premise is not None]
    return premises + ["; ".join(line.strip() for line in one.lines()) for one in found.readings]


def _said(case: Sequence[Fact]) -> str:
    return "; ".join(map(say_fact, case)) or "a patient of whom nothing is known"
