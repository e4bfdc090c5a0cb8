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
    {
        "RUPTURE": "New pain of abdomen and back: think of a ruptured aortic aneurysm.",
        "COLLAPSE": "So with new back pain and a collapse of the circulation, or a loss of consciousness (2020, section 1.1).",
        "LIKELY": "It is more likely at an age of more than 60 years.",
        "KNOWN": "It is more likely where an aneurysm of the abdominal aorta is known.",
        "PALPATION": "An aneurysm that is suspected when the abdomen is palpated calls for imaging.",
    },
    url="https://www.nice.org.uk/guidance/ng156/chapter/Recommendations",
    notes={"PALPATION": "It asks for ultrasound where there are no symptoms; with back pain it counts here as a sign."},
)
NG118 = Source(
    "ng118",
    "Renal and ureteric stones, NICE guideline NG118",
    {"IMAGING": "An adult with suspected renal colic is to have imaging within 24 hours (2019, 1.1.1)."},
    url="https://www.nice.org.uk/guidance/ng118/chapter/Recommendations",
)
COLIC = Source(
    "colic",
    "Renal or ureteric colic, NHS Lothian emergency handbook and NHS Cornwall referral criteria",
    {
        "PICTURE": "Sudden pain of one flank that radiates to the groin is the typical history; blood in the urine supports it.",
        "STONES": "There may have been a colic before.",
        "ANEURYSM": "At an age of more than 60 years an aneurysm can look like a colic.",
    },
    url="https://www.rightdecisions.scot.nhs.uk/sjh-emergency-medicine/handbook/urology/renal-ureteric-colic",
)
ASAS2009 = Source(
    "asas2009",
    "Inflammatory back pain, criteria of experts of the ASAS (Ann Rheum Dis 2009;68:784-8)",
    {
        "FEATURES": "Chronic back pain is inflammatory with four of five: onset before 40, slow onset, better with exercise, no "
        "better with rest, pain at night that is better on getting up."
    },
    notes={"FEATURES": "Sensitivity 77% and specificity 92% for inflammatory back pain, which is no diagnosis."},
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
BASS2018 = Source(
    "bass2018",
    "Cauda equina syndrome, British Association of Spine Surgeons 2018, as NHS Cornwall quotes it",
    {"SUSPECT": "Back or sciatic pain with trouble of the bowels, or with pain of both legs: suspect this syndrome."},
    url="https://rms.cornwall.nhs.uk/primary_care_clinical_referral_criteria/spinal_neurosurgery/adult_low_back_pain_guidelines",
    notes={"SUSPECT": "The referral criteria send a suspected one to the emergency department."},
)
ACR2021 = Source(
    "acr2021",
    "Low back pain, Appropriateness Criteria of the American College of Radiology, 2021",
    {
        "FRACTURE": "Trauma of low velocity, osteoporosis, old age or long use of corticosteroids is each a reason to think of "
        "imaging (variant 6)."
    },
    url="https://acsearch.acr.org/list/GetAppendix?PanelName=Neurologic&TopicId=141",
)
DOWNIE2013 = Source(
    "downie2013",
    "Red flags of malignancy and fracture, a systematic review (BMJ 2013;347:f7095)",
    {"FRACTURE": "Old age, long use of corticosteroids and severe trauma make a fracture likelier, several more so."},
    url="https://pubmed.ncbi.nlm.nih.gov/25257627/",
)
CG75 = Source(
    "cg75",
    "Metastatic spinal cord compression, NICE guideline CG75, as GPnotebook quotes it",
    {
        "PAIN": "In a patient with cancer, pain of the thoracic or cervical spine is to be discussed within 24 hours.",
        "NEUROLOGY": "With such pain, or pain that prevents sleep, a weakness of a limb or a loss of feeling is an emergency.",
    },
    url="https://gpnotebook.com/simplepage.cfm?ID=x20081202111518749131&linkID=71417",
    notes={"NEUROLOGY": "It names more neurological symptoms than this pack asks for."},
)
MYELOMA_UK = Source(
    "myeloma_uk",
    "Red flags of myeloma, diagnostic tool of Myeloma UK",
    {"ANAEMIA": "Unexplained anaemia is a red flag of myeloma, as persistent back pain is."},
    url="https://mdp.myeloma.org.uk/",
)
NG65 = Source(
    "ng65",
    "Spondyloarthritis, NICE guideline NG65",
    {
        "REFER": "Low back pain that began before 45 and has lasted for more than 3 months: with four of nine "
        "criteria refer to a rheumatologist.",
        "TEST": "With exactly three of them, test for HLA-B27.",
    },
    url="https://www.nice.org.uk/guidance/ng65/chapter/recommendations",
    notes={"TEST": "If the test is positive, it asks for the referral; this pack does not know the result."},
)
BERLIN2006 = Source(
    "berlin2006",
    "Inflammatory back pain, Berlin criteria (Arthritis Rheum 2006;54:569-78)",
    {
        "FEATURES": "In chronic back pain before 50, two of four are enough: morning stiffness of more than 30 minutes, better "
        "with exercise and not with rest, waking in the second half of the night only, alternating buttock pain."
    },
    url="https://johnsnyderdpt.com/for-clinicians/clinical-prediction-rules/ankylosing-spondylitis-berlin/",
    notes={"FEATURES": "Sensitivity 70% and specificity 81%. Here waking counts even if it happens earlier in the night too."},
)
PRETERM = Source(
    "preterm",
    "Signs of labour before term, Tommy's and NHS Greater Glasgow and Clyde",
    {"SIGNS": "In pregnancy, backache with contractions or bleeding may be labour: call the hospital at once."},
    url="https://www.tommys.org/pregnancy-information/premature-birth/signs-premature-labour",
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
    {
        "ACUPUNCTURE": "Acupuncture is not recommended for low back pain.",
        "SCIATICA": "Low back pain with sciatica is not imaged routinely outside a specialist setting.",
    },
    url="https://www.nice.org.uk/guidance/ng59/chapter/Recommendations",
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
        "DOUBT": "Frequent urination is a bladder disorder where it is known to be recent; else it is a sign of the nerves.",
        "FOOT": "A foot drop without a sign of the saddle, the bladder or both legs is urgent, and no emergency.",
        "ROOT": "One foot that is numb or weak may be of one nerve root: weakness is to be seen soon unless an "
        "examination of the nerves was normal, and numbness or leg pain alone asks for no referral.",
        "EXAMINED": "A neurological examination that found a foot drop, a lax sphincter or numbness around the anus was "
        "not normal.",
        "ANEURYSM": "Of new pain, collapse or low blood pressure, age and a pulsating mass, the pack says which together are an "
        "emergency.",
        "COLIC": "Which parts of the picture of a colic are enough, and that an older patient goes to the emergency department.",
        "RHEUMATOLOGY": "Inflammatory back pain, or a suspected spondyloarthritis, is to be seen soon by a rheumatologist, and "
        "acupuncture waits for that.",
        "OVERLAP": "Signs that other packs count for a pattern count here too: night sweats as a systemic sign, low libido as a "
        "sign of sexual dysfunction, weak legs as one of a neurological deficit.",
    },
    standing=dict.fromkeys(
        (
            "WITHHOLD",
            "URGENCY",
            "FRACTURE_FIRST",
            "DOUBT",
            "FOOT",
            "ROOT",
            "EXAMINED",
            "ANEURYSM",
            "COLIC",
            "RHEUMATOLOGY",
            "OVERLAP",
        ),
        "unsupported",
    ),
    notes={
        "DOUBT": "Many causes of frequent urination are harmless. Where nobody knows since when, it is to be seen soon.",
        "FOOT": "The AHCPR lists it as a finding of a cauda equina syndrome; alone it is mostly of one nerve root.",
    },
)

SOURCES = (
    AHCPR,
    NG156,
    NG118,
    COLIC,
    ASAS2009,
    BERLIN2006,
    NG65,
    IFOMPT,
    BASS2018,
    ACR2021,
    DOWNIE2013,
    CG75,
    MYELOMA_UK,
    PRETERM,
    WHO1999,
    PREGNANCY_REVIEW,
    MEDSCAPE,
    ANTICOAGULATION,
    NG59,
    ACP2017,
    DECISIONS,
)
