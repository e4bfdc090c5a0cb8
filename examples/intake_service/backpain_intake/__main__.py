"""`backpain-intake`: serves on this machine alone, unless told otherwise."""

from __future__ import annotations

import argparse

import uvicorn

from .app import HOSTS, create_app
from .logs import write_log


def main() -> None:
    parser = argparse.ArgumentParser(prog="backpain-intake", description="An intake interview about back pain.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--name", action="append", default=[], help="a host name that requests may ask for; can be repeated")
    parser.add_argument("--log", choices=["text", "json"], default="text", help="the form of the log on standard error")
    options = parser.parse_args()
    write_log(options.log)
    # The service writes its own line for a request, without what it was asked; uvicorn's would hold the whole path.
    uvicorn.run(
        create_app(hosts=(*HOSTS, *options.name)),
        host=options.host,
        port=options.port,
        access_log=False,
        log_config=None,
        limit_concurrency=512,
        timeout_keep_alive=5,
    )


if __name__ == "__main__":
    main()
