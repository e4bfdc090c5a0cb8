"""The words of packs in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from .arguments import texts
from .symbols import Declared


@dataclass(frozen=True, kw_only=True)
class Translation(Declared):
    """Texts in another language. Texts that are missing stay in the language of the pack.

    `labels` and `questions` are keyed by the id of the term, `statements` by their citation ("article:B2"), and `texts` by the
    original text: a note, a frequency, a caution, the title of a source or a pack. Keep the parameters of a text: `{"pain below
    {stop_below}/10": "... {stop_below} ..."}`. The texts may belong to any pack.

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
