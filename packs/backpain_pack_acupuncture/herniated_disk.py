"""How is a herniated disk treated?

The article gives no signs of one, so it is found where somebody has diagnosed it. It gives no kind of herbs either;
they are recommended as herbs to take, since a plaster is named for injuries only (B9).
"""

from __future__ import annotations

from backpain_rules import Rule

from .article import ARTICLE
from .examples import CHRONIC_BACK
from .words import ACUPUNCTURE, HERBS_INTERNAL, HERNIATED_DISK, NUTRITION_SUPPLEMENTS

DISK = [HERNIATED_DISK.diagnosed]
NO_DISK = ([HERNIATED_DISK.excluded], [CHRONIC_BACK])

herniated_disk = Rule(
    "herniated-disk",
    when=HERNIATED_DISK.diagnosed,
    then=HERNIATED_DISK.finding(),
    source=ARTICLE["D1"],
    fires_on=[DISK],
    silent_on=NO_DISK,
)
acupuncture_for_disk = Rule(
    "acupuncture-for-disk",
    when=HERNIATED_DISK,
    then=ACUPUNCTURE.recommend(for_condition=HERNIATED_DISK),
    source=ARTICLE["D1"],
    fires_on=[DISK],
    silent_on=NO_DISK,
)
herbs_for_disk = Rule(
    "herbs-for-disk",
    when=HERNIATED_DISK,
    then=HERBS_INTERNAL.recommend(for_condition=HERNIATED_DISK, note="against inflammation"),
    source=ARTICLE["D2"],
    fires_on=[DISK],
    silent_on=NO_DISK,
)
supplements_for_disk = Rule(
    "supplements-for-disk",
    when=HERNIATED_DISK,
    then=NUTRITION_SUPPLEMENTS.recommend(for_condition=HERNIATED_DISK, note="against inflammation, and to help the disk heal"),
    source=ARTICLE["D3"],
    fires_on=[DISK],
    silent_on=NO_DISK,
)
