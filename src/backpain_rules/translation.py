"""The words of packs in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from .arguments import texts
from .symbols import Declared


@dataclass(frozen=True, kw_only=True)
class Translation(Declared):
    """What is said in another language; what is left out is said as its pack says it.

    `labels` and `questions` go by the id of the term, `statements` by how they are cited ("article:B2"), and `texts`
    by the text as the rule has it: a note, a frequency, a caution, the title of a source or a pack. A text with
    parameters keeps them: `{"pain below {stop_below}/10": "... {stop_below} ..."}`. The words may be those of any pack.

    >>> from backpain_rules import Pack, Translation, symptom
    >>> cold = symptom("cold", "Cold", ask="Are you cold?")
    >>> german = Translation(labels={"cold": "Kälte"}, questions={"cold": "Ist Ihnen kalt?"})
    >>> Pack("demo", version="1", title="Demo", terms=[cold], translations={"de": german}).translations["de"].labels["cold"]
    'Kälte'
    """

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    questions: Mapping[str, str] = field(default_factory=dict[str, str])
    statements: Mapping[str, str] = field(default_factory=dict[str, str])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        for one in fields(self):
            texts("Translation", one.name, getattr(self, one.name))
