"""One line in a test-suite that holds a pack to every ready-made property.

test_pack = pack_tests(PACK)            # each property a test of its own
pack_conformance("acupuncture")         # all of them, in one call
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..pack import Pack
from .properties import PROPERTIES, subject


def pack_conformance(pack: Pack | str, *, max_examples: int = 50) -> None:
    """Try every property on a pack, installed (by name) or not, with the installed packs that it requires.

    Raises `AssertionError` that lists every property that does not hold, each with a case that can be pasted.
    """
    looked_at = subject(pack, max_examples=max_examples)
    failed: list[str] = []
    for name, check in PROPERTIES.items():
        try:
            check(looked_at)
        except AssertionError as error:
            failed.append(f"{name}: {error}")
    if failed:
        raise AssertionError("\n\n".join([f"pack {looked_at.pack.id!r} does not conform:", *failed]))


def pack_tests(pack: Pack | str, *, max_examples: int = 50) -> Callable[[str], None]:
    """A test for pytest, one item for each property: `test_pack = pack_tests(PACK)`."""
    looked_at = subject(pack, max_examples=max_examples)

    @pytest.mark.parametrize("holds", list(PROPERTIES))
    def test_pack(holds: str) -> None:
        PROPERTIES[holds](looked_at)

    return test_pack
