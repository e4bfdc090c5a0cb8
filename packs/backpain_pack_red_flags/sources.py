"""The sources of this pack, statement by statement and in our own words.

What the sources leave open and a pack has to decide (how urgent a referral is, what is withheld) stands as a source of
its own, marked as unsupported, so that an explanation shows that it was decided here. SOURCES.md shows where each ended.
"""

from __future__ import annotations

from backpain_rules import Source

AHCPR = Source(
    "ahcpr",
    "Red flags of acute low back problems, guideline 14 of the AHCPR",
    {
        "FRACTURE_MAJOR": "A major trauma may mean a fracture.",
        "FRACTURE_MINOR": "In an older or osteoporotic person a minor trauma, or strenuous lifting, may mean a fracture.",
        "TUMOUR_AGE": "An age of more than 50 or less than 20 years is a flag of a tumour or an infection.",
        "TUMOUR_HISTORY": "A history of cancer is a flag of a tumour.",
        "TUMOUR_SYSTEMIC": "Recent fever, chills or unexplained loss of weight is a flag of a tumour or an infection.",
        "INFECTION_RISK": "A recent bacterial infection, intravenous drug use or immunosuppression is a flag of an infection.",
        "TUMOUR_NIGHT": "Pain that is worse lying down, or severe at night, is a flag of a tumour or an infection.",
        "CAUDA_SADDLE": "Numbness of the saddle region is a sign of a cauda equina syndrome.",
        "CAUDA_BLADDER": "A recent disorder of the bladder is one: retention, more frequent urination, overflow.",
        "CAUDA_LEGS": "Severe or progressive weakness of the legs is one.",
        "CAUDA_EXAM": "On examination: a lax anal sphincter, numbness around the anus, a foot drop or major weakness.",
    },
    url="https://www.ncbi.nlm.nih.gov/books/NBK52120/table/A34364",
    notes={
        "FRACTURE_MINOR": "From which age a person is older is not said here: parameter older_than.",
        "CAUDA_BLADDER": "Recent, so trouble of long standing is none.",
    },
)
NG156 = Source(
    "ng156",
    "Abdominal aortic aneurysm, NICE guideline NG156",
    {"RUPTURE": "New pain of abdomen and back: think of a ruptured aortic aneurysm."},
)
IFOMPT = Source(
    "ifompt",
    "Red flags of serious spinal disease, the IFOMPT framework",
    {
        "ONE": "One flag alone is weak evidence of a fracture or a malignancy, so flags are weighed together.",
        "CAUDA": "Signs of a cauda equina syndrome are an emergency by themselves.",
    },
    url="https://doi.org/10.2519/jospt.2020.9971",
    notes={"ONE": "How many flags are enough is not said: parameters tumour_flags and fracture_flags."},
)
WHO1999 = Source(
    "who1999",
    "Basic training and safety in acupuncture, WHO 1999",
    {"PREGNANCY": "In pregnancy acupuncture asks for great caution."},
)
PREGNANCY_REVIEW = Source(
    "pmc4680134",
    "A paper on acupuncture in pregnancy (PMC4680134)",
    {"PREGNANCY": "No objective harm of acupuncture in pregnancy was found."},
    url="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4680134",
)
MEDSCAPE = Source(
    "medscape",
    "Safety of acupuncture (medscape.com/viewarticle/501973_6)",
    {
        "PACEMAKER": "A pacemaker asks for caution with electroacupuncture.",
        "BLEEDING": "A bleeding disorder asks for caution with acupuncture.",
        "SKIN": "A local infection of the skin asks for caution with acupuncture.",
    },
    url="https://www.medscape.com/viewarticle/501973_6",
)
ANTICOAGULATION = Source(
    "anticoagulation",
    "Acupuncture, herbs and anticoagulants (PMC8489681, PMC3976951)",
    {
        "NEEDLES": "Anticoagulants ask for caution with acupuncture.",
        "WARFARIN": "Warfarin asks for caution with herbs.",
    },
)
NG59 = Source(
    "ng59",
    "Low back pain and sciatica, NICE guideline NG59 (BMJ 2017;356:i6748)",
    {"ACUPUNCTURE": "Acupuncture is not recommended for low back pain."},
)
ACP2017 = Source(
    "acp2017",
    "Noninvasive treatment of low back pain, American College of Physicians 2017",
    {"ACUPUNCTURE": "Acupuncture is recommended for low back pain, acute and chronic."},
    url="https://www.guidelinecentral.com/guideline/13349",
)
DECISIONS = Source(
    "decisions",
    "Decisions of this pack, where its sources are silent",
    {
        "WITHHOLD": "Where a referral is an emergency or urgent, each treatment and medication waits for it.",
        "URGENCY": "An emergency goes to the emergency department; several flags, or several signs of the nerves, are urgent; "
        "one flag of a fracture, or one sign of the nerves, is to be seen soon.",
        "FRACTURE_FIRST": "Where an injury is a flag of a fracture, the treatment of a strain waits.",
        "DOUBT": "Where it is not known that frequent urination is of long standing, it is taken to be recent.",
        "OVERLAP": "Signs that other packs count for a pattern count here too: night sweats as a systemic sign, low libido as a "
        "sign of sexual dysfunction, weak legs as one of a neurological deficit.",
    },
    standing=dict.fromkeys(("WITHHOLD", "URGENCY", "FRACTURE_FIRST", "DOUBT", "OVERLAP"), "unsupported"),
    notes={"DOUBT": "The error to be afraid of is to wait. An answer that it is of long standing takes the emergency back."},
)

SOURCES = (
    AHCPR,
    NG156,
    IFOMPT,
    WHO1999,
    PREGNANCY_REVIEW,
    MEDSCAPE,
    ANTICOAGULATION,
    NG59,
    ACP2017,
    DECISIONS,
)
