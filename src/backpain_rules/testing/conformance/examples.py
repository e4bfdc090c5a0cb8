"""What conformance is tried on: random rule bases of every kind, and cases of them."""

from __future__ import annotations

from hypothesis import strategies as st

from ...facts.base import Fact
from ...link.link import link
from ...pack import Pack
from ..case_strategies import cases_of
from ..chains import chained_cases, chained_packs
from ..joined import joined_cases, joined_packs
from ..rule_bases import packs
from ..tangles import tangled_cases, tangled_packs

Example = tuple[list[Pack], list[list[Fact]]]


@st.composite
def examples(draw: st.DrawFn, *, max_cases: int = 4) -> Example:
    """A rule base and cases of it: all kinds of premises, joins and packs in some, long chains and circles in others.

    Some have rules that cannot fire.
    """
    if draw(st.booleans()):
        chained = draw(chained_packs())
        return chained, [list(case) for case in draw(st.lists(chained_cases(), min_size=1, max_size=max_cases))]
    rule_base = draw(packs(idle=True))
    cases = draw(st.lists(cases_of(link(rule_base, {})), min_size=1, max_size=max_cases))
    return rule_base, [list(case) for case in cases]


def tangled_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """A rule base with rules that cannot fire, circles, overrides by type and episodes that come and go, and cases of it."""
    return st.tuples(tangled_packs(), st.lists(tangled_cases(), min_size=1, max_size=max_cases))


def joined_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """A rule base that joins records by equal values and ranges, also in circles, and cases of it."""
    return st.tuples(joined_packs(), st.lists(joined_cases(), min_size=1, max_size=max_cases))


def any_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """Examples of every kind."""
    return st.one_of(examples(max_cases=max_cases), tangled_examples(max_cases=max_cases), joined_examples(max_cases=max_cases))
