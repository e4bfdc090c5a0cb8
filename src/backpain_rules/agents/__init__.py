"""The library as tools for agents: a case, a question, a proof of a draft; each answer can be checked again later."""

from __future__ import annotations

from .receipts import Receipt as Receipt
from .receipts import replay as replay
from .tools import Toolbox as Toolbox

__all__ = ["Receipt", "Toolbox", "replay"]
