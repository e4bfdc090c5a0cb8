"""Import the modules of optional extras on demand. If one is missing, say what to install."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .errors import MissingExtraError


def module_of_extra(module: str, extra: str, what: str) -> Any:
    """Import the module. Raises `MissingExtraError`, which says that `what` needs the extra.

    >>> module_of_extra("json", "yaml", "YAML").dumps(1)
    '1'
    """
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(f"{what} needs the extra [{extra}]: pip install 'backpain-rules[{extra}]'", extra=extra) from None
