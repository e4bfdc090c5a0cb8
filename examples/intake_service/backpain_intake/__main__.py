"""`backpain-intake [--port 8000]`: serves on this machine alone."""

from __future__ import annotations

import argparse
import logging

import uvicorn

from .app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(prog="backpain-intake", description="An intake interview about back pain, on this machine.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # The service writes its own line for a request, without what it was asked; uvicorn's would hold the whole path.
    uvicorn.run(create_app(), host="127.0.0.1", port=port, access_log=False, limit_concurrency=512, timeout_keep_alive=5)


if __name__ == "__main__":
    main()
