"""A fact type of our own: one of the places where somebody works."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from backpain_rules import Fact, Key, Slot, slot


class Workplace(Fact):
    """What one kind of place is like. `lifting` is how long a day somebody lifts there, `damp_for` how long it has been damp."""

    ask_ = "Do you work {place}?"
    place: Key[Literal["indoors", "outdoors"]]
    lifting: Slot[timedelta] = slot(ge=timedelta(0), le=timedelta(hours=24), ask="How long a day do you lift, {place}?")
    damp_for: Slot[timedelta] = slot(ge=timedelta(0), ask="For how long has it been damp where you work {place}?")
    present: bool = True
