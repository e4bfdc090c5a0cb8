"""The source of this pack, statement by statement and in our own words.

A statement that no rule cites stands under `unused` with the reason. SOURCES.md shows where each one ended.
"""

from __future__ import annotations

from backpain_rules import Source

ARTICLE = Source(
    "article",
    "Acupuncture for back pain: a practitioner's article",
    {
        # kinds of pain
        "A1": "There are two kinds of back pain, acute and chronic.",
        "A2": "Acute pain answers an injury: lumbar muscles are strained or sprained.",
        "A3": "A wrong movement while lifting is the example of such an injury.",
        "A4": "Chronic pain is pain that stays for months or years.",
        "A5": "An acute injury can be the start of chronic pain.",
        "A6": "Posture can be the cause of chronic pain.",
        "A7": "Disorders of internal organs can be the cause of chronic pain.",
        # acute strain or sprain
        "B1": "For an acute lumbar strain, acupuncture is often very effective.",
        "B2": "The sooner after the injury the better, and best within its first 24 hours.",
        "B3": "Where something does not flow, it hurts; where it flows, it does not.",
        "B4": "After a strain or sprain the body tenses by reflex, to hurt as little as possible.",
        "B5": "The tension after an injury hinders blood on its way to the injured part and back.",
        "B6": "Poor flow leaves waste in the tissue and brings it too little nutrition.",
        "B7": "Treatment of an injury is meant to loosen tension, calm inflammation and improve the flow of blood.",
        "B8": "Herbs against pain and inflammation are of use in acute injuries too.",
        "B9": "Such herbs are taken internally or put on as a plaster, where that is suitable.",
        "B10": "Treatment that comes promptly often relieves at once, to some degree.",
        "B11": "Single patients went from 9/10 to 5/10 during one treatment.",
        "B12": "An acute injury is treated on every second day.",
        "B13": "Treatment ends when the pain has fallen below 5/10.",
        "B14": "With frequent treatment an acute injury mostly takes about a week, or less.",
        # chronic weakness or imbalance
        "C1": "Chronic pain of back or neck points to weak muscles, to an imbalance of muscles, or to internal organs.",
        "C2": "Muscles of loin and belly become weak when they are not trained hard enough.",
        "C3": "The muscles of loin and belly are best kept strong by regular strength training, all life long.",
        "C4": "Where an imbalance causes the pain, strength training can make it worse.",
        "C5": "Imbalances are looked for before strength training begins.",
        "C6": "A practitioner can look for imbalances, or the patient with the help of Egoscue's book.",
        "C7": "Poor posture leads to imbalance.",
        "C8": "Faulty movement, repeated over and over, leads to imbalance.",
        "C9": "Making up for repeated injuries leads to imbalance.",
        "C10": "Acupuncture relieves the tension, the pain and the inflammation of an imbalance.",
        "C11": "For the long term, an imbalance is a matter for the Egoscue method.",
        # herniated disk
        "D1": "Acupuncture is advised for a herniated disk.",
        "D2": "For a herniated disk, herbs are given too, against the inflammation.",
        "D3": "For a herniated disk, nutritional supplements are given too, against inflammation and to help the disk heal.",
        # internal organs
        "E1": "Chronic mild pain of the lumbar region may come from an internal organ; some patterns are named.",
        "E2": "Kidney yin deficiency: night sweats, hot flashes, weak legs and knees, dry membranes, a thirst for warm drinks.",
        "E3": "Kidney yang deficiency: a cold feeling, cold feet, cold surroundings hard to bear, no thirst, "
        "urination that is frequent or at night, low libido.",
        "E4": "Painful obstruction of the bladder channel, by dampness with cold or by dampness with heat.",
        "E5": "Thirst for warm drinks and absence of thirst cannot both be true of one patient.",
        # chronic care in general
        "F1": "Chronic pain of back or neck has to be treated for longer than acute pain.",
        "F2": "For chronic pain of back or neck, herbs together with acupuncture are preferred.",
        "F3": "Diet is called a key therapy of chronic back pain.",
        "F4": "A news site reports a study: for low back pain, acupuncture may do better than conventional therapy.",
        "F5": "Acupuncture can relieve back pain.",
    },
    standing={
        "B11": "anecdotal",
        "E2": "disputed",
        "E5": "implied",
        "F3": "unsupported",
        "F4": "unsupported",
    },
    notes={
        "A1": "Acute goes by cause and chronic by duration, so some pain is neither, and some is both. Cautions say so.",
        "A2": "What is said of muscles is read of joints and of the neck as well: B4 speaks of any muscle or joint.",
        "A4": "How many months is not said: parameter chronic_after.",
        "A5": "A5 to A7 list other causes than C1 does. Neither list is said to be complete.",
        "B2": "Treatment after 24 hours is not called wrong.",
        "B8": "The herbs are not named, and neither is when they are suitable.",
        "B11": "Nothing is said of how many patients, or of those who had no such relief.",
        "B13": "At 5/10 treatment goes on, at 4/10 it ends: parameter stop_below.",
        "C1": "An alternative of three, so none of them is certain: a finding that rests on it may be indicated, no more.",
        "D1": "How often, how long and how urgently is not said.",
        "D2": "The kind of herbs is not said; they are recommended as internal ones.",
        "E1": "How mild is not said: parameter mild_max. The list of patterns is not closed.",
        "E2": "Every other source found attaches a wish for warm drinks to cold patterns, that is, to yang deficiency. "
        "The article's reading is kept here, for another pack to supersede.",
        "E3": "How many of the six signs make the pattern is not said, for E2 and E3 alike: parameter min_signs.",
        "E4": "The article gives no signs. Here both follow from stated dampness with stated cold or heat.",
        "E5": "Follows from the wording of E2 and E3. Neither of the two is concluded from the other.",
        "F3": "The article refers to an earlier passage on diet that it does not have. It says back, not neck.",
        "F4": "No citation, no numbers, and no statement of what was compared.",
    },
    unused={
        "B11": "an anecdote; it illustrates B10, and no rule should rest on it",
        "F4": "an uncited report; it names no kind of patient and no action, so nothing follows from it in one case",
    },
)
