"""Who may call: the signed token that CDS Hooks asks for (JSON Web Token, RFC 7519). Needs the extra `[jwt]`.

The keys of the record systems that you trust are given to the service; it fetches none, so a token cannot name its own key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urljoin

import jwt
from fastapi import HTTPException
from starlette.requests import Request

ALGORITHMS: Final = ("ES384", "RS384")
"""Signatures with a private key only: with a shared secret, whoever can verify a token could also make one."""
CLAIMS: Final = ("iss", "aud", "exp", "iat", "jti")
LONGEST: Final = 300
"""How many seconds a token may be valid."""


class Callers:
    """Checks that a request carries a token of a trusted issuer, made for this address, in time and not used before.

    `keys` maps the name of an issuer (`iss`) to its public keys, as JSON Web Keys with a `kid`. `base` is the address at which
    record systems call this service, such as "https://cds.example.org".
    """

    def __init__(
        self, keys: Mapping[str, Sequence[Mapping[str, Any]]], *, base: str, now: Callable[[], float] = time.time
    ) -> None:
        self._keys = {(issuer, str(key["kid"])): jwt.PyJWK(dict(key)) for issuer, listed in keys.items() for key in listed}
        self._base = base
        self._now = now
        self._used: dict[tuple[str, str], float] = {}

    def __call__(self, request: Request) -> None:
        """Raises 401 with the reason; nothing is said of the token itself."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _refused("send a signed token: Authorization: Bearer ...")
        try:
            issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
            key = self._keys.get((issuer, str(jwt.get_unverified_header(token).get("kid"))))
            if key is None:
                raise _refused("the token is of no issuer and key that this service trusts")
            claims = jwt.decode(
                token, key, algorithms=list(ALGORITHMS), audience=urljoin(self._base, request.url.path), issuer=issuer,
                options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise _refused(f"the token is not valid: {type(error).__name__}") from None
        self._check_time(claims)
        self._check_unused(issuer, str(claims["jti"]), float(claims["exp"]))

    def _check_time(self, claims: Mapping[str, Any]) -> None:
        made, ends, now = claims["iat"], claims["exp"], self._now()
        if not (isinstance(made, (int, float)) and isinstance(ends, (int, float))):
            raise _refused("the token gives no times")
        if not made - 60 <= now < ends or ends - made > LONGEST:
            raise _refused(f"the token is not valid now, or for longer than {LONGEST} seconds")

    def _check_unused(self, issuer: str, id: str, ends: float) -> None:
        now = self._now()
        self._used = {used: until for used, until in self._used.items() if until > now}
        if (issuer, id) in self._used:
            raise _refused("the token was used before")
        self._used[issuer, id] = ends


def _refused(reason: str) -> HTTPException:
    return HTTPException(401, reason, headers={"WWW-Authenticate": "Bearer"})
