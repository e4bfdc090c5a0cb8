"""The source, made up as an example."""

from __future__ import annotations

from backpain_rules import Source

HOUSE_RULES = Source(
    "house_rules",
    "House rules of a practice, made up for this example and no clinical knowledge",
    {
        "R1": "To work for months in a damp place counts as a sign of dampness.",
        "R2": "Who lifts for hours every day does not begin strength training beside it.",
    },
    standing={"R1": "unsupported", "R2": "unsupported"},
    notes={"R1": "How many months is not said: parameter long_in_damp.", "R2": "Nor is how many hours: parameter heavy_day."},
)
