"""The log as JSON, a line for each event, for programs that collect logs. Nothing in it comes from a patient."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

FIELDS: Final = ("method", "route", "status", "seconds")
"""What an event of this service can say besides its sentence."""


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, from where, what, and the `FIELDS` that the event has."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        event |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        return json.dumps(event, ensure_ascii=False)


def log_config(form: str) -> dict[str, Any]:
    """The configuration of the log of each process: on standard error, as `text` or as `json`."""
    formats: dict[str, dict[str, Any]] = {"text": {"format": "%(asctime)s %(name)s %(message)s"}, "json": {"()": JsonLines}}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formats[form]},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "INFO", "handlers": ["lines"]},
    }
