"""A knowledge base goes to another process as what it is."""

from __future__ import annotations

import pickle

from backpain_pack_acupuncture import PACK
from backpain_rules import KnowledgeBase, Pain, present


def test_a_pickled_knowledge_base_concludes_the_same_with_the_same_parameters() -> None:
    kb = KnowledgeBase([PACK], parameters={"acupuncture:mild_max": 5})
    again = pickle.loads(pickle.dumps(kb))
    case = [Pain(region="lumbar", severity=5), present("night_sweats")]
    assert again.assess(case).to_json() == kb.assess(case).to_json()
    assert again.assess(case).to_json() != KnowledgeBase([PACK]).assess(case).to_json()


def test_a_pickled_result_says_the_same_and_still_answers_what_would_be_otherwise() -> None:
    result = KnowledgeBase([PACK]).assess([Pain(region="lumbar", severity=5), present("night_sweats")])
    again = pickle.loads(pickle.dumps(result))
    assert again.to_json() == result.to_json()
    assert again.why_not("chronic_pain").changes == result.why_not("chronic_pain").changes
