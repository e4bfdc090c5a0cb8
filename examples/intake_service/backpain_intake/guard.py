"""What every request passes: limits for its size, its time and how many there are at once; headers that keep its answer
private; and one line in the log.

The line has the method, the route, the status and how long it took. It has nothing that a patient said: that travels in bodies.
Of an error that nobody foresaw only the type and the place in the code are written, since its text may quote an answer.
"""

from __future__ import annotations

import logging
import traceback
from asyncio import timeout
from collections.abc import Set
from time import monotonic
from typing import NamedTuple

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


class Limits(NamedTuple):
    """How many bytes a body may have, how many seconds it may take to come, and how many requests there may be at once."""

    bytes: int
    seconds: float
    at_once: int


class Guard:
    """An ASGI middleware around the whole service. `hosts` are the names, without ports, that requests may ask for."""

    def __init__(self, app: ASGIApp, *, limits: Limits, hosts: Set[str]) -> None:
        self.app = app
        self.limits = limits
        self.hosts = hosts
        self._open = 0  # requests now; the event loop is one thread

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 0, monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        async def refuse(code: int, reason: str) -> None:
            await fault(Request(scope), code, reason)(scope, receive, watched)

        limits = self.limits
        self._open += 1
        try:
            if self._open > limits.at_once:
                await refuse(503, f"{limits.at_once} requests are being answered already; come back in a moment")
            elif _host(scope) not in self.hosts:
                await refuse(400, "this service does not go by the name that the request asks for")
            else:
                async with timeout(limits.seconds):
                    body = await _read(receive, limits.bytes)
                if body is None:
                    await refuse(413, f"a request may have {limits.bytes:,} bytes")
                else:
                    await self.app(scope, _again(body, receive), watched)
        except TimeoutError:
            if not status:
                await refuse(408, f"the body of a request must come within {limits.seconds:g} seconds")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
            if not status:
                await refuse(500, "this is a fault of the service; its place was written down")
        finally:
            self._open -= 1
            route = getattr(scope.get("route"), "path", "(no such page)")
            event = {"method": scope["method"], "route": route, "status": status, "seconds": round(monotonic() - began, 4)}
            LOG.info("%s %s %s", scope["method"], route, status, extra=event)


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The body of a request, or None as soon as it is too large."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            return None
    return bytes(body)


def _host(scope: Scope) -> str:
    """The name that a request asks for, without the port."""
    name = next((value for key, value in scope["headers"] if key == b"host"), b"").decode("latin-1").lower()
    return name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for those who read it next."""
    waiting: list[Message] = [{"type": "http.request", "body": body}]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read
