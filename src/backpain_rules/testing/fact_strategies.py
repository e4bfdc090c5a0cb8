"""Strategies for single fact types, registered with Hypothesis. It loads this module when it starts, so it imports little."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..facts.base import Fact
from ..facts.types import STATED


def register_fact_types(*kinds: type[Fact]) -> None:
    """Make `st.from_type` give valid facts of these types; the shared types are registered by the library."""
    for kind in kinds:
        st.register_type_strategy(kind, _facts_of(kind))


def register_shared_types() -> None:
    """Called by Hypothesis when it starts, by entry point."""
    register_fact_types(*STATED)


def _facts_of(kind: type[Fact]) -> SearchStrategy[Fact]:
    """Any fact of one type."""
    schema = kind.schema_
    fields = {name: st.from_type(schema.fields[name].annotation) for name in schema.keys}
    full = {name: st.none() | st.from_type(schema.fields[name].annotation) for name in schema.slots}
    there = st.builds(kind, **fields, **full)
    return there | st.builds(kind, **fields, present=st.just(False)) if schema.has_present else there
