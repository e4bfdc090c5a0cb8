"""What every request passes: a limit for its size, headers that keep its answer private, and one line in the log.

The line has the method, the route and the status. What a patient said is in none of them: it travels in bodies, and of an
error that nobody foresaw only its type and its place in the code are written, since its text may quote what was said.
"""

from __future__ import annotations

import logging
import traceback

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import fault

LOG = logging.getLogger("backpain_intake")
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
DOCUMENTATION = ("/docs", "/redoc")
"""Pages that load a script from elsewhere; no patient is on them."""


class Guard:
    """An ASGI middleware around the whole service."""

    def __init__(self, app: ASGIApp, *, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if scope["path"] not in DOCUMENTATION:
                    message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        async def refuse(code: int, reason: str) -> None:
            await fault(Request(scope), code, reason)(scope, receive, watched)

        try:
            body = await _read(receive, self.largest)
            if body is None:
                await refuse(413, f"a request may have {self.largest:,} bytes")
            else:
                await self.app(scope, _again(body, receive), watched)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
            if not status:
                await refuse(500, "this is a fault of the service; its place was written down")
        finally:
            LOG.info("%s %s %s", scope["method"], getattr(scope.get("route"), "path", "(no such page)"), status)


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The body of a request, or None as soon as it is too large."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            return None
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for those who read it next."""
    waiting: list[Message] = [{"type": "http.request", "body": body}]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read
