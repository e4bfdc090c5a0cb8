"""Interviews and questions: what is asked, which answers are taken, and what is kept of them."""

from __future__ import annotations

import json
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from backpain_rules import (
    DONT_KNOW,
    AnswerError,
    DefinitionError,
    Fact,
    FactError,
    Injury,
    Interview,
    KnowledgeBase,
    MissingExtraError,
    OtherPacksError,
    Pack,
    Pain,
    Patient,
    Referral,
    Rule,
    SavedStateError,
    Slot,
    UnknownLanguageError,
    all_of,
    any_of,
    conclude,
    condition,
    each,
    slot,
    symptom,
)

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.interview import Patients, Tree, interviewed, small

KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
FEVER, NUMB, COLD = (symptom(id, id.title(), ask=f"Is it {id}?") for id in ("fever", "numb", "cold"))
UNASKED = symptom("unasked", "A sign that has no question")
ILL, CHILL, RARE = condition("ill", "Ill"), condition("chill", "Chill"), condition("rare", "Rare")
pain, injury, patient = each(Pain), each(Injury), each(Patient)
BACK = Pain(region="lumbar")


def base(*rules: Rule) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, terms=[FEVER, NUMB, COLD, UNASKED])])


def answered(interview: Interview, *values: object) -> Interview:
    for value in values:
        interview.answer(value)
    return interview


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_simulated_patients_end_with_the_conclusions_of_everything_answered() -> None:
    patients, random = Patients(KB), Random(1)
    for _ in range(10):
        case = patients.draw(random)
        assert interviewed(KB.interview(), case, []).result.derived == KB.assess(case.values()).derived


def test_the_interview_comes_near_the_best_decision_tree() -> None:
    for name in ("nerves", "strain"):
        tree = Tree(small(name))
        assert tree.interview() <= 1.15 * tree.best()


def test_nothing_is_asked_that_no_rule_reads_or_that_is_decided() -> None:
    kb = base(Rule("ill", when=any_of(FEVER, NUMB), then=ILL.finding()))
    assert {question.id for question in kb.assess([]).next_questions()} == {"symptom/fever", "symptom/numb"}
    assert kb.assess([FEVER.present]).next_questions() == ()


def test_what_refers_somebody_urgently_is_asked_about_first() -> None:
    urgent = conclude(Referral, to="hospital", reason="fever", urgency="emergency")
    rules = [Rule(f"c{n}", when=COLD, then=condition(f"c{n}", "C").finding()) for n in range(5)]
    kb = base(*rules, Rule("u", when=all_of(FEVER, NUMB), then=urgent))
    asked = kb.assess([]).next_questions()
    assert {question.id for question in asked[:2]} == {"symptom/fever", "symptom/numb"}
    assert asked[0].because == (Referral(to="hospital", reason="fever", urgency="emergency"),)
    assert "Referral to hospital" in asked[0].why


def test_what_is_too_rare_for_any_sample_is_found_all_the_same() -> None:
    signs = [symptom(f"s{n:02}", f"Sign {n}", ask="?") for n in range(16)]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[Rule("r", when=all_of(*signs), then=RARE.finding())])])
    interview = kb.interview()
    asked = 0
    while interview.question is not None:
        asked += 1
        interview.answer(True)
    assert asked == 16
    assert interview.result.findings
    assert kb.interview().answer(False).question is None


def test_a_term_without_a_question_is_not_asked_and_holds_nothing_up() -> None:
    kb = base(Rule("ill", when=all_of(FEVER, UNASKED), then=ILL.finding()))
    assert kb.interview().question is None
    assert kb.interview([UNASKED.present]).question is not None
    assert kb.assess([]).undecided


def test_a_slot_is_asked_once_the_fact_is_known_to_be_there() -> None:
    kb = base(Rule("ill", when=all_of(pain, pain.severity >= 5), then=ILL.finding(region=pain.region)))
    interview = kb.interview([Pain(region="neck", present=False)])
    assert interview.question is not None
    assert interview.question.id == "pain/lumbar"
    assert interview.answer(True).question is not None
    assert interview.question.id == "pain/lumbar/severity"
    assert interview.back().answer(False).question is None


def test_a_fact_that_is_always_there_is_asked_for_by_its_slots() -> None:
    kb = base(Rule("ill", when=patient.age > 50, then=ILL.finding()))
    interview = kb.interview()
    assert interview.question is not None
    assert interview.question.id == "patient/age"
    assert interview.answer(51).facts == (Patient(age=51),)


def test_of_a_number_only_the_thresholds_are_asked_that_still_matter() -> None:
    kb = base(
        Rule("mild", when=all_of(pain.region == "lumbar", pain.severity < 4, FEVER), then=CHILL.finding()),
        Rule("bad", when=all_of(pain.region == "lumbar", pain.severity >= 7), then=ILL.finding()),
    )
    back = Pain(region="lumbar")
    first = next(q for q in kb.assess([back]).next_questions() if q.unknown.slot == "severity")
    assert [option.value for option in first.options] == ["<4", ">=4,<7", ">=7"]
    assert [option.label for option in first.options] == ["below 4/10", "at least 4/10, below 7/10", "at least 7/10"]
    (second,) = kb.assess([back, FEVER.absent]).next_questions()
    assert [option.value for option in second.options] == ["<7", ">=7"]


def test_slots_that_are_compared_with_each_other_are_asked_exactly() -> None:
    old = all_of(injury.region == "lumbar", pain.region == "lumbar", injury.since > pain.duration)
    kb = base(Rule("old", when=old, then=ILL.finding()))
    interview = kb.interview([Pain(region="lumbar", duration=timedelta(days=9, hours=1)), Injury(region="lumbar")])
    assert interview.question is not None
    assert (interview.question.kind, interview.question.options) == ("duration", ())
    assert interview.answer(timedelta(days=9, hours=2)).question is None
    assert interview.result.findings


def test_questions_are_in_the_words_of_a_language() -> None:
    kb = KnowledgeBase.load("acupuncture")
    english, chinese = kb.interview().question, kb.interview(language="zh-Hans").question
    assert english is not None
    assert chinese is not None
    assert (english.id, english.because) == (chinese.id, chinese.because)
    assert english.text != chinese.text
    assert [option.label for option in chinese.options] == ["是", "否"]
    with pytest.raises(UnknownLanguageError, match="did you mean 'zh-Hans'"):
        kb.interview(language="zh-hans")


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_band_that_was_answered_is_seen_in_the_answers_and_stands_as_a_value_in_the_case() -> None:
    kb = base(Rule("ill", when=all_of(pain.region == "lumbar", pain.severity >= 5), then=ILL.finding()))
    interview = answered(kb.interview(), True, ">=5")
    (_, band) = interview.answers
    assert (band.said, band.value) == (">=5", 5)
    assert interview.facts == (Pain(region="lumbar", severity=5),)
    assert answered(kb.interview(), True, 9).answers[1].said == 9


def test_what_nobody_knows_stays_unknown_and_is_not_asked_again() -> None:
    kb = base(Rule("ill", when=any_of(FEVER, NUMB), then=ILL.finding()))
    interview = kb.interview()
    first = interview.question
    interview.answer(DONT_KNOW)
    assert interview.question is not None
    assert interview.question != first
    assert interview.facts == ()
    assert interview.answer(DONT_KNOW).question is None
    assert interview.answers[0].value is None


@pytest.mark.parametrize(
    ("given", "value", "says"),
    [
        ((), 1, r"pain/lumbar is answered by True, False or DONT_KNOW; not by 1"),
        ((), "yes", r"not by 'yes'"),
        ((True,), 11, r"a number, '<5', '>=5' or DONT_KNOW \(input should be less than or equal to 10\); not by 11"),
        ((True,), "<6", r"not by '<6'"),
        ((True,), True, r"not by True"),
        ((True,), 4.5, r"not by 4.5"),
        ((True, ">=5"), None, r"the interview is finished"),
    ],
)
def test_a_wrong_answer_says_what_would_be_right_and_changes_nothing(given: tuple[object, ...], value: object, says: str) -> None:
    kb = base(Rule("ill", when=all_of(pain.region == "lumbar", pain.severity >= 5), then=ILL.finding()))
    interview = answered(kb.interview(), *given)
    before = interview.to_json()
    with pytest.raises(AnswerError, match=says):
        interview.answer(value)
    assert interview.to_json() == before


def test_a_choice_takes_its_values_and_suggests_the_nearest() -> None:
    kb = base(Rule("ill", when=all_of(patient.sex == "female", FEVER), then=ILL.finding()))
    interview = kb.interview([FEVER.present])
    assert interview.question is not None
    assert [option.label for option in interview.question.options] == ["female", "male"]
    with pytest.raises(AnswerError, match="did you mean 'female'"):
        interview.answer("femal")
    assert interview.answer("female").result.findings


def test_times_are_answered_as_times_or_as_text() -> None:
    kb = base(Rule("ill", when=all_of(pain.region == "lumbar", pain.duration >= timedelta(days=2)), then=ILL.finding()))
    for value in (timedelta(days=3), "P3D", ">=P2D"):
        assert answered(kb.interview(), True, value).result.findings


def test_going_back_when_nothing_was_answered_is_an_error() -> None:
    with pytest.raises(AnswerError, match="nothing was answered yet"):
        KB.interview().back()


# --- saved ------------------------------------------------------------------------------------------------------------


def test_a_saved_interview_is_taken_up_where_it_was() -> None:
    interview = answered(KB.interview([BACK], language="zh-Hans"), False, 40, DONT_KNOW)
    again = KB.restore_interview(interview.to_json())
    assert (again.to_json(), again.question) == (interview.to_json(), interview.question)
    assert again.back().question == interview.back().question


def test_an_interview_saved_under_other_packs_says_so_and_can_be_taken_up_all_the_same() -> None:
    one = base(Rule("ill", when=FEVER, then=ILL.finding()))
    other = base(Rule("ill", when=all_of(FEVER, NUMB), then=ILL.finding()))
    saved = one.interview().answer(True).to_json()
    with pytest.raises(OtherPacksError, match="pack p 1 has other content"):
        other.restore_interview(saved)
    again = other.restore_interview(saved, accept_other_packs=True)
    assert again.question is not None
    assert again.question.id == "symptom/numb"
    with pytest.raises(SavedStateError, match="no saved interview"):
        one.restore_interview(one.session().to_json())


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([{"question": "symptom/fever", "answer": True}] * 2, r"answers\[1\]: symptom/fever was answered before"),
        ([{"question": "symptom/feverish", "answer": True}], r"answers\[0\]: these packs ask no .*did you mean 'symptom/fever'"),
        ([{"question": "symptom/fever", "answer": "yes"}], r"answers\[0\]: symptom/fever is answered by true or false"),
        ([{"question": "pain/lumbar/severity", "answer": ">=5", "value": 11}], r"answers\[0\]: .* cannot be 11"),
    ],
)
def test_a_saved_interview_that_was_tampered_with_is_refused(answers: object, says: str) -> None:
    kb = base(Rule("ill", when=FEVER, then=ILL.finding()))
    data = {**kb.interview().to_data(), "answers": answers}
    with pytest.raises(FactError, match=says):
        kb.restore_interview(json.dumps(data))


@pytest.mark.parametrize("answers", ["none", [{"answer": True}], [{"question": "pain/lumbar"}, 7], [{"question": 1}]])
def test_a_saved_interview_of_another_shape_is_refused(answers: object) -> None:
    kb = base(Rule("ill", when=FEVER, then=ILL.finding()))
    with pytest.raises(SavedStateError, match="answers"):
        kb.restore_interview(json.dumps({**kb.interview().to_data(), "answers": answers}))


class Numb(Fact):
    """Numbness, of one side or of no side in particular."""

    ask_ = "Is your {side} leg numb?"
    side: Slot[Literal["left", "right"]] = slot(key=True)
    grade: Slot[int] = slot(ge=0, le=5)
    present: bool = True


def test_a_key_that_may_be_left_out_is_asked_for_saved_and_taken_up() -> None:
    kb = base(Rule("ill", when=each(Numb).grade > 3, then=ILL.finding()))
    interview, asked = kb.interview(), []
    while interview.question is not None:
        asked.append(interview.question.id)
        interview.answer(interview.question.options[0].value)
        again = kb.restore_interview(interview.to_json())
        assert (again.question, again.answers, again.facts) == (interview.question, interview.answers, interview.facts)
    assert {"numb/", "numb//grade", "numb/left", "numb/left/grade"} <= set(asked)
    assert kb.restore_session(kb.session(interview.facts).to_json()).facts == interview.facts


def test_a_question_is_json_data() -> None:
    question = KB.interview().question
    assert question is not None
    data = json.loads(json.dumps(question.to_data()))
    assert data["id"] == question.id
    assert data["options"] == [{"value": True, "label": "yes"}, {"value": False, "label": "no"}]
    assert data["because"]


# --- shared -----------------------------------------------------------------------------------------------------------


def test_threads_may_interview_with_one_knowledge_base() -> None:
    patients = Patients(KB)
    cases = [patients.draw(Random(seed)) for seed in range(4)]
    alone = [interviewed(KB.interview(), case, []).to_json() for case in cases]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda case: interviewed(KB.interview(), case, []).to_json(), cases)) == alone


def test_a_knowledge_base_that_has_asked_can_be_sent_elsewhere() -> None:
    assert KB.interview().question is not None
    for thing in (KB, KB._program):
        assert pickle.loads(pickle.dumps(thing))


# --- without the extra ------------------------------------------------------------------------------------------------


def test_without_the_solver_a_question_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    kb = base(Rule("ill", when=FEVER, then=ILL.finding()))
    with pytest.raises(MissingExtraError, match=r"pip install 'backpain-rules\[prove\]'"):
        _ = kb.interview().question
    assert kb.interview([FEVER.present]).result.findings


# --- who answers ------------------------------------------------------------------------------------------------------


def test_a_patient_is_not_asked_for_what_only_a_practitioner_can_see_and_hears_what_was_left_out() -> None:
    pulse = symptom("pulse", "Tight pulse", ask="Is the pulse tight?", ask_of="practitioner")
    kb = base(Rule("ill", when=any_of(pulse, FEVER), then=ILL.finding()))
    told = {}
    for audience in ("patient", "practitioner"):
        interview = kb.interview(audience=audience)
        left = [interview.at_most_left]
        while interview.question is not None:
            assert interview.at_most_left >= 1
            interview.answer(False)
            left.append(interview.at_most_left)
        assert left == sorted(left, reverse=True)
        told[audience] = [str(answer.question) for answer in interview.answers], [*map(str, interview.not_asked)]
        assert kb.restore_interview(interview.to_json()).audience == audience
    assert told["patient"] == (["symptom/fever"], ["pulse"])
    assert set(told["practitioner"][0]) == {"symptom/fever", "symptom/pulse"}
    assert told["practitioner"][1] == []


def test_a_patient_reads_of_no_disease_that_nobody_has_found() -> None:
    for question in KB.assess([BACK]).next_questions(audience="patient"):
        assert "aneurysm" not in question.why
        assert question.why.startswith("helps to tell: ")


def test_an_emergency_is_known_with_the_answer_that_establishes_it() -> None:
    kb = base(Rule("u", when=FEVER, then=conclude(Referral, to="hospital", urgency="emergency")))
    interview = kb.interview()
    assert interview.emergencies == ()
    assert interview.answer(True).emergencies == (Referral(to="hospital", urgency="emergency"),)


def test_another_audience_is_refused_with_those_there_are() -> None:
    with pytest.raises(DefinitionError, match="audience='patiant' is not one of patient, practitioner"):
        KB.interview(audience="patiant")  # type: ignore[arg-type]
