"""The sources of this pack, statement by statement and in our own words.

A statement that no rule cites stands under `unused` with the reason. SOURCES.md shows where each one ended.
"""

from __future__ import annotations

from backpain_rules import Source

DAMP_PAGES = Source(
    "damp_pages",
    "Two pages on lumbar pain in Chinese medicine: zy.qm120.com/t416/uq0v/2009112457304.htm and "
    "m.easyfang.com/a/2021/1202/011020307.html",
    {
        "COLD": "Damp-cold lumbar pain: the back is cold, heavy and hard to turn; rain and cold make it worse, warmth makes it "
        "better; the coating of the tongue is white and greasy, the pulse deep and tight.",
        "HEAT": "Damp-heat lumbar pain: local heat and heaviness; heat makes it worse; the urine is scanty and dark, the "
        "coating of the tongue yellow and greasy, the pulse soggy and rapid.",
    },
    notes={"COLD": "How many of the signs are enough is not said, here and in HEAT: parameter damp_signs."},
)
INNERPATH = Source(
    "innerpath",
    "Disorders of the low back, a teaching page on acupuncture",
    {
        "DAMP": "Lumbar pain that bed rest does not relieve is damp-cold.",
        "KIDNEY": "Lumbar pain that came on unnoticed, is mild and is better with bed rest is of the kidney.",
        "TRAUMA": "Lumbar pain that stays in one place and is worse with pressure or turning comes from an injury.",
    },
    url="https://innerpath.com.au/acupuncture/Dis_Low_Back_Pain.html",
)
HERBADAY = Source(
    "herbaday",
    "Lower back pain, a page on Chinese herbs",
    {"WARMTH": "Damp-heat lumbar pain is better with warmth."},
    url="https://tcmherbaday.com/pages/lower-back-pain",
    standing={"WARMTH": "disputed"},
    notes={"WARMTH": "Two other pages say that heat makes damp-heat worse. Both are shown where it matters."},
)
JFMDP = Source(
    "jfmdp",
    "Journal of Family Medicine and Disease Prevention, jfmdp-3-049, table 1",
    {"HOT": "A wish for hot drinks is a criterion of yang deficiency."},
    notes={"HOT": "The article of the acupuncture pack counts it for yin deficiency. This pack follows the table."},
)
CRITERIA = Source(
    "criteria",
    "Diagnostic criteria of deficiency patterns of 1986 (daowen.com/book/content/235705318/2610053.html)",
    {
        "KIDNEY": "Kidney deficiency takes three of six signs, an injury being excluded.",
        "YANG": "Yang deficiency takes three of four main signs, the first of them always, and one of two minor ones.",
        "BOTH": "Kidney yang deficiency is kidney deficiency together with yang deficiency.",
        "KNEES": "Soreness of loin and knees belongs to both kidney patterns, so it does not tell them apart.",
    },
    standing={"KNEES": "implied"},
    notes={
        "KIDNEY": "The six signs were not at hand, so their number is used and not their names.",
        "YANG": "The signs were not at hand either. What is kept is the form, a sign that may not be missing: here feeling cold, "
        "the first sign that the article names.",
        "KNEES": "Seen from the criteria of both patterns, which have it; not said in so many words.",
    },
)
CODES = Source(
    "tm1",
    "Patterns of traditional medicine in ICD-11, as the Taiwanese FHIR guide lists them (nricmig/Nricm_TWCMIG)",
    {"SF94": "Deficiency of kidney yin together with deficiency of kidney yang is a pattern of its own."},
)

SOURCES = (DAMP_PAGES, INNERPATH, HERBADAY, JFMDP, CRITERIA, CODES)
