"""The reference of docs/ has every public name, each on one page."""

from __future__ import annotations

import re
from collections import Counter

import backpain_rules
import backpain_rules.testing
from pages import ROOT


def documented(face: str) -> Counter[str]:
    """The modules that `public-names` is given on the pages of the reference, for this face."""
    found: Counter[str] = Counter()
    for page in (ROOT / "docs" / "reference").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for modules, package in re.findall(r"^\.\. public-names:: (.+)\n(?:   :face: (.+))?", text, re.MULTILINE):
            if (package or "backpain_rules") == face:
                found.update(modules.split())
    return found


def test_every_module_of_the_face_stands_on_one_page() -> None:
    """One that is missing gets its place behind a `public-names` in docs/reference."""
    assert documented("backpain_rules") == Counter(set(backpain_rules._FACE.values()) - {"_version"})


def test_every_module_of_the_testing_kit_does_too() -> None:
    assert documented("backpain_rules.testing") == Counter(set(backpain_rules.testing._FACE.values()))
