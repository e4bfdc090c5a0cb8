"""`backpain-intake [--port 8000] [--workers N]`: serves on this machine alone."""

from __future__ import annotations

import argparse
from typing import Any, Final

import uvicorn

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(name)s %(message)s"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["lines"]},
}
"""The same for each process. The service writes its own line for a request, without what it was asked."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="backpain-intake", description="An intake interview about back pain, on this machine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="how many processes answer, one for each core you want to use")
    given = parser.parse_args()
    uvicorn.run(
        "backpain_intake:create_app",
        factory=True,
        host="127.0.0.1",
        port=given.port,
        workers=given.workers,
        timeout_worker_healthcheck=60,  # loading the packs takes seconds, in which a process does not answer
        access_log=False,  # it would hold the whole path
        log_config=LOGGING,
        limit_concurrency=512,
        timeout_keep_alive=5,
    )


if __name__ == "__main__":
    main()
