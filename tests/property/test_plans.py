"""A register rests on the atoms that its node rests on in the rule base, and on no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Pack
from backpain_rules.ground.compile import compile_program
from backpain_rules.ground.cone import cone
from backpain_rules.ground.nodes import Derived, Fires, Node
from backpain_rules.ground.plan import make_plan
from backpain_rules.ground.program import Program
from backpain_rules.link.link import link
from backpain_rules.testing.chains import chained_packs
from backpain_rules.testing.tangles import tangled_packs


def programs() -> st.SearchStrategy[Program]:
    """Programs with long chains and circles, where a premise in a circle is often one of a rule outside it."""
    return st.one_of(chained_packs(), tangled_packs()).map(_program)


def _program(rule_base: list[Pack]) -> Program:
    return compile_program(link(rule_base, {}))


@given(programs())
def test_a_register_rests_on_the_atoms_of_its_node(program: Program) -> None:
    plan = make_plan(program)
    nodes: dict[Node, int] = dict(plan.nodes)
    nodes |= {Derived(number): register for number, register in enumerate(plan.propositions)}
    nodes |= {Fires(number): register for number, register in enumerate(plan.instances)}
    for node, register in nodes.items():
        assert plan.below(register)[0] == set(cone(program, [node]).atoms)
