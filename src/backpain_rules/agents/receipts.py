"""A receipt of an assessment: what went in, under which packs, and the hash of what came out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from .._version import __version__
from ..assessment import Assessment
from ..errors import InvalidFactError, OtherPacksError, SavedStateError
from ..facts.base import to_data
from ..json_text import read_json
from ..knowledge import KnowledgeBase
from ..link.identity import identity, parameter_values

VERSION: Final = 1


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PackVersion(_Strict):
    """A pack with the hash of all in it that decides what follows."""

    id: str
    version: str
    content: str


class Receipt(_Strict):
    """What an assessment was made of. `replay` makes it again and compares."""

    receipt: int
    library: str
    packs: list[PackVersion]
    parameters: dict[str, dict[str, Any]]
    facts: list[dict[str, Any]]
    result: str
    """The SHA-256 of the result as JSON text."""


def receipt_of(kb: KnowledgeBase, result: Assessment) -> Receipt:
    """The receipt of a result of this knowledge base."""
    return Receipt(
        receipt=VERSION,
        library=__version__,
        packs=[PackVersion(**one._asdict()) for one in identity(kb.rule_base)],
        parameters=parameter_values(kb.rule_base),
        facts=[to_data(fact) for fact in result.facts],
        result=hash_of(result),
    )


def hash_of(result: Assessment) -> str:
    """The SHA-256 of a result."""
    return hashlib.sha256(result.to_json().encode()).hexdigest()


def read_receipt(data: str | bytes | Mapping[str, Any]) -> Receipt:
    """A receipt from JSON. Raises `SavedStateError`."""
    try:
        read = Receipt.model_validate(read_json(data))
    except (ValidationError, InvalidFactError) as error:
        raise SavedStateError(f"this is no receipt of an assessment: {error}", place="") from None
    if read.receipt != VERSION:
        raise SavedStateError(f"this receipt has version {read.receipt}; this library reads version {VERSION}", place="receipt")
    return read


def replay(kb: KnowledgeBase, receipt: Receipt) -> Assessment:
    """Assess the facts of a receipt again.

    Raises `OtherPacksError` when packs or parameters are not those of the receipt, and `SavedStateError` when the result is
    another one, which no honest receipt shows.
    """
    packs = [PackVersion(**one._asdict()) for one in identity(kb.rule_base)]
    if packs != receipt.packs or parameter_values(kb.rule_base) != receipt.parameters:
        then, now = ({(one.id, one.version, one.content[:12]) for one in some} for some in (receipt.packs, packs))
        differ = ", ".join(" ".join(one) for one in sorted(then - now)) or "parameters"
        raise OtherPacksError(f"the receipt was made with other packs or parameters: {differ}; load those", differ=differ)
    result = kb.assess(kb.read_case({"facts": receipt.facts}))
    if hash_of(result) != receipt.result:
        raise SavedStateError("the same facts under the same packs give another result: the receipt was changed", place="result")
    return result
