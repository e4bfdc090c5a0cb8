"""Words that packs add to the terms and sources of any pack: each must belong to something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..errors import UnknownTargetError, did_you_mean
from ..pack import Pack
from ..terms import Term


def check_words(packs: Sequence[Pack], terms: Mapping[tuple[str, str], Term]) -> None:
    """Raises `UnknownTargetError` for a code or a translation of a term, or of a statement, that no pack has."""
    ids = {id for _, id in terms}
    cites = {source[id].cite for pack in packs for source in pack.sources for id in source.statements}
    for pack in packs:
        _check(pack, "a code", "term", pack.codes, ids)
        for language, words in pack.translations.items():
            _check(pack, f"a label in {language!r}", "term", words.labels, ids)
            _check(pack, f"a question in {language!r}", "term", words.questions, ids)
            _check(pack, f"a text in {language!r}", "statement", words.statements, cites)


def _check(pack: Pack, what: str, of: str, given: Iterable[str], known: set[str]) -> None:
    for name in given:
        if name not in known:
            raise UnknownTargetError(
                f"pack {pack.id!r} gives {what} to {of} {name!r}, which no loaded pack has{did_you_mean(name, known)}",
                pack=pack.id, target=name,
            )  # fmt: skip
