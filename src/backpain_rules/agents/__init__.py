"""Tools for agents: assess a case, ask the next question, check a draft of a pack. A receipt lets you repeat an answer."""

from __future__ import annotations

from .receipts import Receipt as Receipt
from .receipts import replay as replay
from .tools import Toolbox as Toolbox

__all__ = ["Receipt", "Toolbox", "replay"]
