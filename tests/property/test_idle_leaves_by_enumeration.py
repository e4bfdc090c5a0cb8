"""`test_cases().idle` of random rule bases, held to every case that there is: no leaf too many, none too few.

What a rule does with another value of a leaf is asked of another rule base, in which a sign of its own stands for that leaf.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, count, product
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Fact,
    Finding,
    KnowledgeBase,
    Pack,
    Rule,
    Symptom,
    all_of,
    any_of,
    at_least,
    condition,
    is_known,
    is_unknown,
    never,
    not_,
    symptom,
    unless,
)
from effort import examples

READ: Final[Mapping[str, Any]] = {
    **{name: symptom(name, name, ask=f"{name}?") for name in ("a", "b", "c")},
    **{name: condition(name, name) for name in ("x", "y", "z")},
}
PUT_IN = symptom("put_in", "put in", ask="put in?")
JOINS: Final[Mapping[str, Any]] = {
    "all": all_of, "any": any_of, "two": lambda *members: at_least(2, *members), "unless": unless, "not": not_,
    "known": is_known, "unknown": is_unknown,
}  # fmt: skip
ANSWERS: Final = (None, True, False)
VALUES: Final[Mapping[str, bool | None]] = {"true": True, "unknown": None, "false": False}
Case = tuple[Fact, ...]
Spec = Any
"""The name of a leaf, or a join and its members."""


def case_of(answers: Mapping[str, bool | None]) -> Case:
    return tuple(Symptom(term=term, present=answer) for term, answer in answers.items() if answer is not None)


CASES: Final = [case_of(dict(zip("abc", answers, strict=True))) for answers in product(ANSWERS, repeat=3)]


def leaves(spec: Spec) -> Iterator[str]:
    """The leaves as they are written; a sign that is written twice is two leaves."""
    if isinstance(spec, str):
        yield spec
    else:
        for member in spec[1:]:
            yield from leaves(member)


def built(spec: Spec, instead: int = -1) -> Any:
    """The premise, with a sign of its own for one leaf, by its number."""
    numbers = count()

    def inside(spec: Spec) -> Any:
        if isinstance(spec, str):
            return PUT_IN if next(numbers) == instead else READ[spec]
        return JOINS[spec[0]](*map(inside, spec[1:]))

    return inside(spec)


@dataclass(frozen=True)
class Written:
    """A rule for each condition and premise; a rule for each sign that overrides a condition; what cannot be."""

    rules: tuple[tuple[str, Spec], ...]
    overrides: tuple[tuple[str, str], ...]
    forbidden: tuple[Spec, ...]

    def base(self, rule: int = -1, instead: int = -1) -> KnowledgeBase:
        rules = [
            Rule(f"r{n}", when=built(spec, instead if n == rule else -1), then=READ[head].finding())
            for n, (head, spec) in enumerate(self.rules)
        ]
        rules += [
            Rule(f"stop{n}", when=READ[sign], then=READ["x"].caution(f"stop{n}", "stop"), overrides=READ[head].finding())
            for n, (sign, head) in enumerate(self.overrides)
        ]
        constraints = [never(f"c{n}", built(spec)) for n, spec in enumerate(self.forbidden)]
        terms = [*READ.values(), PUT_IN]
        return KnowledgeBase([Pack("t", version="1", title="T", rules=rules, terms=terms, constraints=constraints)])


member = st.sampled_from([*"aabbccxyz"])
negated = st.tuples(st.sampled_from(["unless", "not", "known", "unknown"]), st.sampled_from([*"abc"]))
inner = st.one_of(member, member, negated)
two = st.lists(inner, min_size=2, max_size=2, unique=True)
three = st.lists(inner, min_size=3, max_size=3, unique=True)
nested = st.lists(
    st.one_of(inner, two.map(lambda m: ("all", *m)), two.map(lambda m: ("any", *m))), min_size=2, max_size=2, unique=True
)
specs = st.one_of(
    member,
    two.map(lambda m: ("all", *m)),
    two.map(lambda m: ("any", *m)),
    three.map(lambda m: ("two", *m)),
    nested.map(lambda m: ("all", *m)),
    nested.map(lambda m: ("any", *m)),
)
rule_bases = st.builds(
    Written,
    st.lists(st.tuples(st.sampled_from("xyz"), specs), min_size=1, max_size=4).map(tuple),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=1).map(tuple),
    st.lists(st.one_of(two.map(lambda m: ("all", *m)), st.sampled_from("abx")), max_size=1).map(tuple),
)


@settings(max_examples=examples(60), deadline=None)
@given(rule_bases)
def test_a_leaf_is_idle_if_and_only_if_no_two_patients_tell_two_of_its_values_apart(what: Written) -> None:
    kb = what.base()
    made = kb.test_cases()
    idle = Counter((rule, leaf.partition(" (")[0]) for rule, leaf in made.idle if rule.startswith("t:r"))
    expected = Counter(
        (f"t:r{number}", leaf)
        for number, (_, spec) in enumerate(what.rules)
        for place, leaf in enumerate(leaves(spec))
        if not any(told_apart(what, kb, number, place, leaf))
    )
    assert Counter({said: many for said, many in idle.items() if said[1] in READ}) == expected


def told_apart(what: Written, kb: KnowledgeBase, number: int, place: int, leaf: str) -> Iterator[bool]:
    """For each two values of a leaf, whether in some patient it has the one and would turn the rule with the other, and
    in some patient the other way round."""
    other = what.base(number, place)
    turns: set[tuple[str, str]] = set()
    for case in CASES:
        program, said = kb._program, kb.assess(case)._outcome.evaluation
        if any(said.node(one.body) & 2 for one in program.constraints):
            continue
        has = value_of(kb, case, leaf)
        for value, present in VALUES.items():
            put_in = () if present is None else (Symptom(term="put_in", present=present),)
            if firing(other, (*case, *put_in), number) != firing(kb, case, number):
                turns.add((has, value))
    for one, another in combinations(VALUES, 2):
        yield (one, another) in turns and (another, one) in turns


def value_of(kb: KnowledgeBase, case: Case, leaf: str) -> str:
    if leaf in "abc":
        present = {fact.__dict__["term"]: fact.__dict__["present"] for fact in case}.get(leaf)
        return next(value for value, answer in VALUES.items() if answer is present)
    result = kb.assess(case)
    finding = Finding(condition=leaf)
    return "true" if finding in result.derived else "unknown" if finding in [u.fact for u in result.undecided] else "false"


def firing(kb: KnowledgeBase, case: Case, number: int) -> int:
    outcome = kb.assess(case)._outcome
    return max(
        (outcome.evaluation.instance(n) for n, one in enumerate(outcome.program.instances) if one.rule.name == f"t:r{number}"),
        default=0,
    )
