"""A pack is a value: written as JSON or YAML and read back, it is the same pack; any other data is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import Fact, KnowledgeBase, Pack, PackLoadError
from backpain_rules.link.identity import PackIdentity, identity
from backpain_rules.link.link import link
from backpain_rules.pack_data import (
    pack_from_data,
    pack_from_json,
    pack_from_yaml,
    pack_to_data,
    pack_to_json,
    pack_to_yaml,
)
from backpain_rules.testing.chains import chained_packs
from backpain_rules.testing.rule_bases import packs
from backpain_rules.testing.strategies import cases
from backpain_rules.testing.tangles import tangled_packs
from effort import examples

often = settings(deadline=None, max_examples=examples(300))
sometimes = settings(deadline=None, max_examples=examples(60))
SHIPPED = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")


def through_json(rule_base: Sequence[Pack]) -> list[Pack]:
    read: list[Pack] = []
    for pack in link(rule_base, {}).packs:
        read.append(pack_from_json(pack_to_json(pack, requires=rule_base), requires=read))
    return read


def through_yaml(rule_base: Sequence[Pack]) -> list[Pack]:
    read: list[Pack] = []
    for pack in link(rule_base, {}).packs:
        read.append(pack_from_yaml(pack_to_yaml(pack, requires=rule_base), requires=read))
    return read


def identities(rule_base: Sequence[Pack]) -> tuple[PackIdentity, ...]:
    return identity(link(rule_base, {}))


@often
@given(st.one_of(packs(idle=True), tangled_packs(), chained_packs()))
def test_a_pack_that_went_through_json_is_the_same_pack(rule_base: list[Pack]) -> None:
    read = through_json(rule_base)
    assert identities(read) == identities(rule_base)
    assert [pack_to_data(pack, requires=read) for pack in read] == [
        pack_to_data(pack, requires=rule_base) for pack in link(rule_base, {}).packs
    ]


@sometimes
@given(st.one_of(packs(idle=True), tangled_packs(), chained_packs()))
def test_a_pack_that_went_through_yaml_is_the_same_pack(rule_base: list[Pack]) -> None:
    assert identities(through_yaml(rule_base)) == identities(rule_base)


@sometimes
@given(packs(idle=True), packs(idle=True))
def test_a_pack_written_like_another_text_is_still_this_pack(old: list[Pack], new: list[Pack]) -> None:
    [*needed, pack] = link(new, {}).packs
    like = pack_to_yaml(link(old, {}).packs[-1], requires=old)
    text = pack_to_yaml(pack, requires=new, like=like)
    assert pack_to_data(pack_from_yaml(text, requires=needed), requires=needed) == pack_to_data(pack, requires=new)


JSON_BASE, YAML_BASE = (KnowledgeBase(through(SHIPPED.packs)) for through in (through_json, through_yaml))


@settings(deadline=None, max_examples=examples(1_600))
@given(cases(SHIPPED))
def test_the_shipped_packs_say_the_same_of_every_case_through_json_and_yaml(case: tuple[Fact, ...]) -> None:
    expected = SHIPPED.assess(case).to_json()
    assert JSON_BASE.assess(case).to_json() == expected
    assert YAML_BASE.assess(case).to_json() == expected


@pytest.mark.parametrize("read", [JSON_BASE, YAML_BASE], ids=["json", "yaml"])
def test_the_shipped_packs_keep_their_words_sources_and_identity(read: KnowledgeBase) -> None:
    assert identities(read.packs) == identities(SHIPPED.packs)
    for pack, other in zip(SHIPPED.packs, read.packs, strict=True):
        assert pack_to_data(other, requires=read.packs) == pack_to_data(pack, requires=SHIPPED.packs)
        assert [rule.note for rule in other.rules] == [rule.note for rule in pack.rules]
        assert [rule.statements for rule in other.rules] == [rule.statements for rule in pack.rules]
        assert list(other.sources) == list(pack.sources)
        assert other.translations == pack.translations


def spoilt(draw: st.DrawFn, data: Any) -> Any:
    """The data with one part replaced, dropped, renamed or doubled."""
    odd = st.one_of(
        st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
        st.just([[[]]]), st.just({"all_of": []}), st.just("pain.severity >= "), st.just("a:b"), st.just({"exists": {}}),
    )  # fmt: skip
    if isinstance(data, dict) and data and draw(st.integers(0, 9)) < 9:
        name = draw(st.sampled_from(sorted(data)))
        rest = {other: value for other, value in data.items() if other != name}
        match draw(st.integers(0, 11)):
            case 0:
                return rest
            case 1:
                return {**rest, name + draw(st.sampled_from(["s", "_", " "])): data[name]}
            case _:
                return {**data, name: spoilt(draw, data[name])}
    if isinstance(data, list) and data and draw(st.integers(0, 9)) < 9:
        place = draw(st.integers(0, len(data) - 1))
        match draw(st.integers(0, 11)):
            case 0:
                return data[:place] + data[place + 1 :]
            case 1:
                return [*data, data[place]]
            case _:
                return [*data[:place], spoilt(draw, data[place]), *data[place + 1 :]]
    return draw(odd)


@settings(deadline=None, max_examples=examples(1_500))
@given(st.data(), st.sampled_from([pack.id for pack in SHIPPED.packs]))
def test_data_that_is_no_pack_is_refused_with_its_place(data: st.DataObject, id: str) -> None:
    [pack] = [pack for pack in SHIPPED.packs if pack.id == id]
    wrong = data.draw(st.composite(lambda draw: spoilt(draw, pack_to_data(pack, requires=SHIPPED.packs)))())
    others = [other for other in SHIPPED.packs if other.id in pack.requires]
    error = refusal(wrong, others)
    assert error is None or "place" in error.fields
    assert error is None or json.loads(json.dumps(error.fields)) == error.fields


def refusal(data: Any, requires: Sequence[Pack]) -> PackLoadError | None:
    """Why data is no pack; None if it is one. Any other exception is a fault."""
    try:
        pack_from_data(data, requires=requires)
    except PackLoadError as error:
        return error
    return None
