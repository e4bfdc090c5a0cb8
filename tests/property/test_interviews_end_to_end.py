"""Whole interviews of small random rule bases, each step of them compared with every answer tried in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given, note, reject, settings
from hypothesis import strategies as st

from backpain_rules import (
    DONT_KNOW,
    Fact,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Premise,
    PremiseError,
    Question,
    Rule,
    all_of,
    any_of,
    at_least,
    condition,
    each,
    is_known,
    is_unknown,
    never,
    not_,
    symptom,
    unless,
)
from backpain_rules.ir.bits import ESTABLISHED
from backpain_rules.ir.render import render
from effort import examples

SIGNS = [symptom(f"s{n}", f"Sign {n}", ask=f"Is sign {n} there?") for n in range(3)]
UNASKED = symptom("unasked", "A sign that nobody can be asked for")
FOUND = [condition(f"c{n}", f"Condition {n}") for n in range(3)]
PAIN, PATIENT = each(Pain, region="lumbar"), each(Patient)

Case = Mapping[str, Any]
"""What is said: each sign, the severity of the pain (or "none"), and whether the patient is pregnant."""
ANSWERS: dict[str, tuple[Any, ...]] = {
    **{f"s{n}": (True, False) for n in range(3)},
    "pain": ("none", "there", 0, 3, 4, 5, 10),
    "pregnant": (True, False),
}


def leaves(below: int) -> st.SearchStrategy[Any]:
    """Premises without parts, of signs and of conditions that are found below."""
    stated = [*SIGNS, *(sign.absent for sign in SIGNS), UNASKED, PAIN.severity >= 5, PAIN.severity < 4, all_of(PAIN)]
    return st.sampled_from([*stated, PATIENT.pregnant == True, *FOUND[:below]])  # noqa: E712 - a premise


def premises(below: int) -> st.SearchStrategy[Any]:
    def composed(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        many = st.lists(of, min_size=2, max_size=3)
        counts = st.tuples(st.integers(1, 3), many).map(lambda pair: at_least(min(pair[0], len(pair[1])), *pair[1]))
        return many.map(lambda ps: all_of(*ps)) | many.map(lambda ps: any_of(*ps)) | counts

    monotone = st.recursive(leaves(below), lambda of: composed(of) | of.map(lambda p: not_(p)), max_leaves=4)
    flips: list[Any] = [unless, is_unknown, is_known]
    flipped = st.tuples(st.sampled_from(flips), monotone).map(lambda pair: pair[0](pair[1]))
    return st.recursive(monotone | flipped, composed, max_leaves=3)


@st.composite
def bases(draw: st.DrawFn) -> KnowledgeBase:
    def premise(below: int) -> Premise:
        return all_of(draw(premises(below)))

    rules = [Rule(f"r{n}", when=premise(n), then=FOUND[n].finding()) for n in range(draw(st.integers(1, 3)))]
    if len(rules) > 1 and draw(st.booleans()):  # it reads no conclusion: else it may override what it rests on
        rules[-1] = Rule(rules[-1].id, when=premise(0), then=rules[-1].conclusions, overrides=rules[0])
    constraints = [never(f"n{n}", premise(0)) for n in range(draw(st.sampled_from([0, 0, 1, 2])))]
    pack = Pack("p", version="1", title="P", rules=rules, constraints=constraints, terms=[*SIGNS, UNASKED])
    try:
        return KnowledgeBase([pack])
    except PremiseError:  # a count of things that are one and the same
        reject()


class Brute:
    """The conclusions of cases, and the constraints that they break, remembered."""

    def __init__(self, kb: KnowledgeBase, given: tuple[Fact, ...]) -> None:
        self.kb, self.given, self._known = kb, given, dict[tuple[Any, ...], tuple[frozenset[int], frozenset[int]]]()

    def __call__(self, case: Case) -> tuple[frozenset[int], frozenset[int]]:
        key = tuple(sorted((name, repr(value)) for name, value in case.items()))
        if key not in self._known:
            outcome = self.kb.assess([*self.given, *facts_of(case)])._outcome
            bodies = enumerate(outcome.program.constraints)
            broken = frozenset(n for n, one in bodies if outcome.evaluation.node(one.body) & ESTABLISHED)
            self._known[key] = frozenset(outcome.established), broken
        return self._known[key]


def said_of(kb: KnowledgeBase) -> str:
    """The rules, for whoever reads of a failure."""
    rules = [f"{rule.name}: {render(rule.body)} (overridden by {rule.overridden_by})" for rule in kb._linked.rules]
    return "; ".join(rules + [f"never {render(one.body)}" for one in kb._linked.constraints])


def facts_of(case: Case) -> list[Fact]:
    facts: list[Fact] = []
    for name, value in case.items():
        if name == "pain":
            severity = value if isinstance(value, int) else None
            facts.append(Pain(region="lumbar", severity=severity, present=value != "none"))
        elif name == "pregnant":
            facts.append(Patient(pregnant=value))
        else:
            facts.append(next(sign.present if value else sign.absent for sign in SIGNS if sign.id == name))
    return facts


def more_said(case: Case, declined: frozenset[str], read: frozenset[str], *, complete: bool) -> Iterator[dict[str, Any]]:
    """Every completion of a case, or every case that says more: what is read, and was not declined, is answered."""
    found: list[dict[str, Any]] = [dict(case)]
    for name, values in ANSWERS.items():
        if name in read and name not in declined:
            found = [one for before in found for one in _answered(before, name, values, declined, complete)]
    yield from found


def _answered(
    case: dict[str, Any], name: str, values: tuple[Any, ...], declined: frozenset[str], complete: bool
) -> Iterator[dict[str, Any]]:
    if name in case and not (name == "pain" and case["pain"] == "there" and "severity" not in declined):
        yield case
        return
    if not complete:
        yield case
    for value in values:
        if name == "pain" and name in case and value in ("none", "there"):
            continue
        if name == "pain" and complete and value == "there" and "severity" not in declined:
            continue
        if name == "pain" and "severity" in declined and isinstance(value, int):
            continue
        yield {**case, name: value}


def name_of(question: Question) -> str:
    """What the question asks for, in the words of `ANSWERS`; `severity` once the pain is there."""
    return {"pain/lumbar": "pain", "pain/lumbar/severity": "severity", "patient/pregnant": "pregnant"}.get(
        question.id, question.id.removeprefix("symptom/")
    )


def is_worth_asking(brute: Brute, case: Case, name: str, declined: frozenset[str], read: frozenset[str]) -> bool:
    """Whether an answer changes the conclusions of this case, or of one that says more."""
    _, broken = brute(case)
    anything = not any(brute(one)[1] <= broken for one in more_said(case, declined, read, complete=True))
    for one in more_said(case, declined, read, complete=False):
        if not anything and not brute(one)[1] <= broken:
            continue
        if name == "severity":
            without = {**one, "pain": "there"} if isinstance(one.get("pain"), int) else one
        else:
            without = {other: value for other, value in one.items() if other != name}
        if brute(one)[0] != brute(without)[0]:
            return True
    return False


def read_by(kb: KnowledgeBase) -> frozenset[str]:
    """What the rules read of what can be asked."""
    found: set[str] = set()
    for atom in kb._program.atoms:
        place = atom.place  # type: ignore[union-attr]
        found.add({"Pain": "pain", "Patient": "pregnant"}.get(place.kind.__name__, str(place.key and place.key[0])))
    severity = any(getattr(atom, "slot", "") == "severity" for atom in kb._program.atoms)
    return frozenset(found | ({"severity"} if severity else set()))


@settings(max_examples=examples(100))
@given(bases(), st.data())
def test_every_step_of_an_interview_is_what_trying_every_answer_says_it_must_be(kb: KnowledgeBase, data: st.DataObject) -> None:
    given_facts = data.draw(st.sampled_from([(), (), (UNASKED.present,), (UNASKED.absent,)]))
    brute, read = Brute(kb, given_facts), read_by(kb)
    declined: frozenset[str] = frozenset() if "severity" in read else frozenset({"severity"})
    case: dict[str, Any] = {}
    interview = kb.interview(given_facts)
    while True:
        now, broken = brute(case)
        completions = (brute(one) for one in more_said(case, declined, read, complete=True))
        can_keep = any(there <= broken for _, there in completions)  # otherwise the constraints forbid nothing
        everywhere = [brute(one) for one in more_said(case, declined, read, complete=False)]  # "I don't know" is an answer too
        kept = [conclusions for conclusions, there in everywhere if there <= broken or not can_keep]
        question = interview.question
        note(f"{said_of(kb)} {case} declined {sorted(declined)}: {question}")
        assert (question is not None) == any(conclusions != now for conclusions in kept)
        assert interview.result.to_json() == kb.assess(interview.facts).to_json()
        if question is None:
            return
        asked = {name_of(one) for one in kb.assess(interview.facts).next_questions()}
        if not declined - {"severity"}:
            assert name_of(question) in asked
        name = name_of(question)
        assert is_worth_asking(brute, case, name, declined, read)
        said = data.draw(st.sampled_from([*(option.value for option in question.options), DONT_KNOW]))
        if said is DONT_KNOW:
            declined |= {name}
        elif name == "pain":
            case["pain"] = "there" if said else "none"
        elif name == "severity":
            case["pain"] = interview.answer(said).answers[-1].value
            interview.back()
        else:
            case[name] = said
        before = interview.to_json()
        assert interview.answer(said).back().to_json() == before
        assert interview.question == question
        interview.answer(said)
        again = kb.restore_interview(interview.to_json())
        assert (again.question, again.answers, again.facts) == (interview.question, interview.answers, interview.facts)


@settings(max_examples=examples(60))
@given(bases(), st.data())
def test_what_can_be_asked_next_is_all_that_is_worth_asking(kb: KnowledgeBase, data: st.DataObject) -> None:
    brute, read = Brute(kb, ()), read_by(kb)
    case = {name: data.draw(st.sampled_from(ANSWERS[name])) for name in data.draw(st.sets(st.sampled_from(sorted(ANSWERS))))}
    asked = [name_of(question) for question in kb.assess(facts_of(case)).next_questions()]
    assert len(set(asked)) == len(asked)
    if asked:
        can_be_asked = [name for name in ANSWERS if name in read and name not in case]
        if "severity" in read and case.get("pain") == "there":
            can_be_asked.append("severity")
        none = frozenset() if "severity" in read else frozenset({"severity"})
        assert set(asked) == {name for name in can_be_asked if is_worth_asking(brute, case, name, none, read)}


@settings(max_examples=examples(30))
@given(bases(), st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(kb: KnowledgeBase, random: Any) -> None:
    facts = facts_of({"s0": True, "s1": False, "pain": 4})
    mixed = random.sample(facts, len(facts))
    assert kb.assess(mixed).next_questions() == kb.assess(facts).next_questions()
    assert kb.interview(mixed).to_json() == kb.interview(facts).to_json()
