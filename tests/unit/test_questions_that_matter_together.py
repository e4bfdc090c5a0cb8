"""Questions of which no single answer matters, but some answers together do."""

from __future__ import annotations

from backpain_rules import DONT_KNOW, KnowledgeBase, Pack, Rule, any_of, condition, is_unknown, never, symptom

LEFT, RIGHT = (symptom(name, name, ask=f"{name}?") for name in ("left", "right"))
X = condition("x", "x")
TWINS = [
    never("left-alone", LEFT, any_of(is_unknown(RIGHT), RIGHT.absent)),
    never("right-alone", RIGHT, any_of(is_unknown(LEFT), LEFT.absent)),
]
"""Whoever has one of two signs is known to have the other. So to leave one of the two out changes no conclusion."""
KB = KnowledgeBase(
    [
        Pack(
            "twins", version="1", title="Twins", rules=[Rule("x", when=any_of(LEFT, RIGHT), then=X.finding())],
            terms=[LEFT, RIGHT, X], constraints=TWINS,
        )
    ]
)  # fmt: skip


def test_questions_that_matter_only_together_are_asked() -> None:
    interview = KB.interview([])
    asked = []
    while (question := interview.question) is not None:
        asked.append(question.text)
        interview.answer(True)
    assert asked
    assert [fact.condition for fact in KB.assess(interview.facts).findings] == ["x"]


def test_each_of_the_questions_that_matter_together_is_offered() -> None:
    offered = {question.id for question in KB.assess([]).next_questions()}
    assert len(offered) == 2


def test_what_nobody_knows_ends_them_as_nothing_can_change_any_more() -> None:
    interview = KB.interview([])
    interview.answer(DONT_KNOW)
    assert interview.question is None
