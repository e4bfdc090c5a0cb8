"""What asks for caution where there is acupuncture, or where there are herbs?

The question comes up when another pack recommends them, and when the patient has or wants them anyway. On pregnancy two
sources disagree; both are shown, and the conflict is reported.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import ACUPUNCTURE, HERBS_INTERNAL
from backpain_rules import Caution, Patient, Rule, all_of, any_of, conclude, exists

from .examples import BACK_PAIN
from .sources import ANTICOAGULATION, MEDSCAPE, PREGNANCY_REVIEW, WHO1999
from .words import (
    ANTICOAGULANTS,
    BLEEDING_DISORDER,
    PACEMAKER,
    SKIN_INFECTION,
    TAKES_HERBS,
    WANTS_ACUPUNCTURE,
    WARFARIN,
)

NEEDLES = any_of(ACUPUNCTURE, WANTS_ACUPUNCTURE)
HERBS = any_of(HERBS_INTERNAL, TAKES_HERBS)
PREGNANT = Patient(pregnant=True)
NOT_PREGNANT = (
    [WANTS_ACUPUNCTURE.present, Patient(pregnant=False)],
    [WANTS_ACUPUNCTURE.present, Patient(age=30)],
    [BACK_PAIN, PREGNANT],
)

pregnancy_caution = Rule(
    "pregnancy-caution",
    when=all_of(NEEDLES, exists(Patient, pregnant=True)),
    then=conclude(Caution, about="acupuncture_in_pregnancy", text="acupuncture in pregnancy asks for great caution"),
    source=WHO1999["PREGNANCY"],
    fires_on=[[WANTS_ACUPUNCTURE.present, PREGNANT]],
    silent_on=NOT_PREGNANT,
    note="Another source found no harm; both stand, and the conflict is reported.",
)
pregnancy_no_harm = Rule(
    "pregnancy-no-harm-found",
    when=all_of(NEEDLES, exists(Patient, pregnant=True)),
    then=conclude(Caution, about="acupuncture_in_pregnancy", text="no objective harm of acupuncture in pregnancy was found"),
    source=PREGNANCY_REVIEW["PREGNANCY"],
    fires_on=[[WANTS_ACUPUNCTURE.present, PREGNANT]],
    silent_on=NOT_PREGNANT,
    note="Another source asks for great caution; both stand, and the conflict is reported.",
)
pacemaker = Rule(
    "pacemaker",
    when=all_of(NEEDLES, PACEMAKER),
    then=conclude(Caution, about="electroacupuncture", text="a pacemaker asks for caution with electroacupuncture"),
    source=MEDSCAPE["PACEMAKER"],
    fires_on=[[WANTS_ACUPUNCTURE.present, PACEMAKER.present]],
    silent_on=[[WANTS_ACUPUNCTURE.present, PACEMAKER.absent], [WANTS_ACUPUNCTURE.present], [PACEMAKER.present]],
)
bleeding = Rule(
    "bleeding-disorder",
    when=all_of(NEEDLES, BLEEDING_DISORDER),
    then=conclude(Caution, about="needling_and_bleeding_disorder", text="a bleeding disorder asks for caution with needles"),
    source=MEDSCAPE["BLEEDING"],
    fires_on=[[WANTS_ACUPUNCTURE.present, BLEEDING_DISORDER.present]],
    silent_on=[[WANTS_ACUPUNCTURE.present], [BLEEDING_DISORDER.present]],
)
skin = Rule(
    "skin-infection",
    when=all_of(NEEDLES, SKIN_INFECTION),
    then=conclude(Caution, about="needling_infected_skin", text="infected skin asks for caution with needles"),
    source=MEDSCAPE["SKIN"],
    fires_on=[[WANTS_ACUPUNCTURE.present, SKIN_INFECTION.present]],
    silent_on=[[WANTS_ACUPUNCTURE.present], [SKIN_INFECTION.present]],
)
anticoagulants = Rule(
    "anticoagulants",
    when=all_of(NEEDLES, any_of(ANTICOAGULANTS, WARFARIN)),
    then=conclude(Caution, about="needling_and_anticoagulants", text="anticoagulants ask for caution with needles"),
    source=ANTICOAGULATION["NEEDLES"],
    fires_on=[[WANTS_ACUPUNCTURE.present, ANTICOAGULANTS.present], [WANTS_ACUPUNCTURE.present, WARFARIN.present]],
    silent_on=[[WANTS_ACUPUNCTURE.present], [ANTICOAGULANTS.present]],
)
warfarin = Rule(
    "warfarin-and-herbs",
    when=all_of(HERBS, WARFARIN),
    then=conclude(Caution, about="herbs_and_warfarin", text="warfarin asks for caution with herbs"),
    source=ANTICOAGULATION["WARFARIN"],
    fires_on=[[TAKES_HERBS.present, WARFARIN.present]],
    silent_on=[[TAKES_HERBS.present], [WARFARIN.present], [TAKES_HERBS.present, ANTICOAGULANTS.present]],
)
