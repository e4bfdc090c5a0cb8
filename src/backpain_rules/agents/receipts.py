"""Receipts: the facts, packs and parameters of an assessment, and the hash of its result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import ValidationError

from .._version import __version__
from ..assessment import Assessment
from ..errors import InvalidFactError, OtherPacksError, SavedStateError
from ..facts.base import to_data
from ..json_text import read_json
from ..knowledge import KnowledgeBase
from ..session.saved import Saved, differences, invalid, made_with

VERSION: Final = 1


class Receipt(Saved):
    """What an assessment was made of. `replay` makes it again and compares."""

    receipt: Literal[1]
    library: str
    facts: list[dict[str, Any]]
    result: str
    """The SHA-256 of the result as JSON text."""


def receipt_of(kb: KnowledgeBase, result: Assessment) -> Receipt:
    """The receipt of a result of this knowledge base."""
    return Receipt(
        receipt=VERSION,
        library=__version__,
        **made_with(kb.rule_base),
        facts=[to_data(fact) for fact in result.facts],
        result=hash_of(result),
    )


def hash_of(result: Assessment) -> str:
    """The SHA-256 of a result."""
    return hashlib.sha256(result.to_json().encode()).hexdigest()


def read_receipt(data: str | bytes | Mapping[str, Any]) -> Receipt:
    """A receipt from JSON. Raises `SavedStateError`."""
    what = "this is no receipt of an assessment"
    try:
        return Receipt.model_validate(read_json(data))
    except InvalidFactError as error:
        raise SavedStateError(f"{what}: {error.message}", place="") from None
    except ValidationError as error:
        raise invalid(error, place=what) from None


def replay(kb: KnowledgeBase, receipt: Receipt) -> Assessment:
    """Assess the facts of a receipt again.

    Raises `OtherPacksError` if packs or parameters differ from those of the receipt, and `SavedStateError` if the result
    differs: then somebody changed the receipt.
    """
    different = differences(kb.rule_base, receipt)
    if different:
        raise OtherPacksError(
            f"the receipt was made under other packs: {'; '.join(different)}. Load those", differences=different
        )
    result = kb.assess(kb.read_case({"facts": receipt.facts}))
    if hash_of(result) != receipt.result:
        raise SavedStateError("the same facts under the same packs give another result: the receipt was changed", place="result")
    return result
