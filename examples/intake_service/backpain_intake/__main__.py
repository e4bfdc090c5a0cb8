"""`backpain-intake`: serves on this machine alone, unless told otherwise."""

from __future__ import annotations

import argparse
import os
from typing import Final

import uvicorn
from fastapi import FastAPI

from .app import HOSTS, create_app
from .logs import log_config

NAMES: Final = "BACKPAIN_INTAKE_NAMES"
"""The environment variable by which each worker process learns its further host names, with blanks between them."""


def app() -> FastAPI:
    """The service in one worker process."""
    return create_app(hosts=(*HOSTS, *os.environ.get(NAMES, "").split()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="backpain-intake", description="An intake interview about back pain.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--name", action="append", default=[], help="a host name that requests may ask for; can be repeated")
    parser.add_argument("--workers", type=int, default=1, help="how many processes answer, one for each core you want to use")
    parser.add_argument("--log", choices=["text", "json"], default="text", help="the form of the log on standard error")
    options = parser.parse_args()
    os.environ[NAMES] = " ".join([*os.environ.get(NAMES, "").split(), *options.name])
    uvicorn.run(
        "backpain_intake.__main__:app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        timeout_worker_healthcheck=60,  # loading the packs takes seconds, in which a process does not answer
        access_log=False,  # it would hold the whole path; the service writes its own line, without what it was asked
        log_config=log_config(options.log),
        limit_concurrency=512,
        timeout_keep_alive=5,
    )


if __name__ == "__main__":
    main()
