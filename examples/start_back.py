"""The STarT Back Tool: its total, its psychosocial subscore and its risk groups, as quantities.

Try it: `backpain-rules assess --pack examples/start_back.py case.json`. The tool is copyright of Keele University, who license
its use; this file has its scoring rules, which are published facts, and none of its wording: questions name an item by its
number and a short label of our own. This is a worked example, not medical advice.
"""

from __future__ import annotations

from typing import Literal

from backpain_rules import Fact, Pack, Rule, Slot, Source, all_of, condition, each, hookimpl, quantity, score, slot

SOURCE = Source(
    "start_back",
    "Hill JC, Dunn KM, Lewis M, et al. A primary care back pain screening tool: identifying patient subgroups for initial "
    "treatment. Arthritis Rheum 2008;59:632-641",
    {
        "TOTAL": "Nine items; each that is agreed with is a point, and so is bothersomeness of the two highest degrees.",
        "SUB": "Items 5 to 9 make the psychosocial subscore.",
        "LOW": "A total of 3 or less is low risk.",
        "MEDIUM": "A total of 4 or more with a subscore of 3 or less is medium risk.",
        "HIGH": "A subscore of 4 or more is high risk.",
    },
    url="https://doi.org/10.1002/art.23563",
)


class StartBack(Fact):
    """The answers to the nine items; one set for a case. An item that is left out is unknown."""

    leg: Slot[bool] = slot(ask="STarT Back item 1 (leg pain): does the patient agree?")
    elsewhere: Slot[bool] = slot(ask="STarT Back item 2 (pain elsewhere): does the patient agree?")
    walking: Slot[bool] = slot(ask="STarT Back item 3 (walking): does the patient agree?")
    dressing: Slot[bool] = slot(ask="STarT Back item 4 (dressing): does the patient agree?")
    fear: Slot[bool] = slot(ask="STarT Back item 5 (fear of activity): does the patient agree?")
    worry: Slot[bool] = slot(ask="STarT Back item 6 (worry): does the patient agree?")
    outlook: Slot[bool] = slot(ask="STarT Back item 7 (outlook): does the patient agree?")
    enjoyment: Slot[bool] = slot(ask="STarT Back item 8 (enjoyment): does the patient agree?")
    bothersome: Slot[Literal["none", "little", "some", "much", "extreme"]] = slot(
        ask="STarT Back item 9 (bothersomeness), from the lowest of five degrees to the highest: which?"
    )


ITEM = each(StartBack)
PSYCHOSOCIAL = quantity(
    "start_back_psychosocial",
    "STarT Back psychosocial subscore",
    score(
        (1, ITEM.fear == True),  # noqa: E712
        (1, ITEM.worry == True),  # noqa: E712
        (1, ITEM.outlook == True),  # noqa: E712
        (1, ITEM.enjoyment == True),  # noqa: E712
        (1, ITEM.bothersome == "much"),
        (1, ITEM.bothersome == "extreme"),
    ),
)
TOTAL = quantity(
    "start_back_total",
    "STarT Back total",
    score(
        (1, ITEM.leg == True),  # noqa: E712
        (1, ITEM.elsewhere == True),  # noqa: E712
        (1, ITEM.walking == True),  # noqa: E712
        (1, ITEM.dressing == True),  # noqa: E712
    )
    + PSYCHOSOCIAL,
)
LOW = condition("start_back_low", "Low risk of persistent disability (STarT Back)")
MEDIUM = condition("start_back_medium", "Medium risk of persistent disability (STarT Back)")
HIGH = condition("start_back_high", "High risk of persistent disability (STarT Back)")

PHYSICAL_FOUR = {"leg": True, "elsewhere": True, "walking": True, "dressing": True}
NO_FEELINGS = {"fear": False, "worry": False, "outlook": False, "enjoyment": False}
RULES = [
    Rule(
        "low",
        when=TOTAL <= 3,
        then=LOW.finding(),
        source=(SOURCE["TOTAL"], SOURCE["LOW"]),
        fires_on=[[StartBack(leg=True, elsewhere=True, walking=True, dressing=False, **NO_FEELINGS, bothersome="some")]],
        silent_on=[[], [StartBack(leg=False, elsewhere=False)], [StartBack(**PHYSICAL_FOUR)]],
    ),
    Rule(
        "medium",
        when=all_of(TOTAL >= 4, PSYCHOSOCIAL <= 3),
        then=MEDIUM.finding(),
        source=(SOURCE["SUB"], SOURCE["MEDIUM"]),
        fires_on=[
            [StartBack(**PHYSICAL_FOUR, **NO_FEELINGS, bothersome="none")],
            [StartBack(**PHYSICAL_FOUR, fear=False, worry=False)],
            [StartBack(leg=True, elsewhere=False, fear=True, worry=True, outlook=True, enjoyment=False, bothersome="little")],
        ],
        silent_on=[
            [StartBack(**PHYSICAL_FOUR)],
            [StartBack(**PHYSICAL_FOUR, fear=True, worry=True, outlook=True, enjoyment=True)],
        ],
    ),
    Rule(
        "high",
        when=PSYCHOSOCIAL >= 4,
        then=HIGH.finding(),
        source=(SOURCE["SUB"], SOURCE["HIGH"]),
        fires_on=[
            [StartBack(fear=True, worry=True, outlook=True, enjoyment=True)],
            [StartBack(fear=True, worry=True, outlook=True, bothersome="extreme")],
        ],
        silent_on=[[StartBack(fear=True, worry=True, outlook=True)], [StartBack(**PHYSICAL_FOUR)]],
    ),
]
PACK = Pack("start_back", version="1.0", title="STarT Back Tool", sources=[SOURCE], rules=RULES, fact_types=[StartBack])


@hookimpl
def backpain_rules_pack() -> Pack:
    """The hook by which the pack is found."""
    return PACK
