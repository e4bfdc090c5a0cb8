"""The tools as a server of the Model Context Protocol, on standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec

from .._version import __version__
from ..errors import BackpainRulesError
from ..extras import module_of_extra
from ..knowledge import KnowledgeBase
from .tools import Toolbox

P = ParamSpec("P")
INSTRUCTIONS: Final = (
    "Clinical rules that explain themselves. Begin with `vocabulary`. State only what was said: leave out what nobody asked. "
    "Quote the words in `evidence`; a fact that is absent needs them. If `emergency` is true, say so before anything else. "
    "Draft a pack as data, give it to `check_pack`, and mend it until it is clean. This is no medical advice."
)


def make_server(kb: KnowledgeBase) -> Any:
    """An `MCPServer` with the tools over this knowledge base. It needs the extra `[mcp]`; `.run()` serves standard input."""
    sdk, types = (module_of_extra(name, "mcp", "the server") for name in ("mcp.server", "mcp.types"))
    server = sdk.MCPServer("backpain-rules", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    tools = Toolbox(kb)

    def told(error: BackpainRulesError) -> Any:
        data = {"error": type(error).__name__, "message": error.message, "fields": error.fields}
        text = types.TextContent(type="text", text=error.message)
        return types.CallToolResult(content=[text], structured_content=data, is_error=True)

    for tool in (
        tools.vocabulary, tools.assess, tools.why, tools.why_not, tools.next_question, tools.answer, tools.check_pack,
        tools.diff_packs,
    ):  # fmt: skip
        server.add_tool(_telling(tool, told))
    return server


def _telling(tool: Callable[P, dict[str, Any]], told: Callable[[BackpainRulesError], Any]) -> Callable[P, Any]:
    """The tool with the library's errors as an answer: their type, their sentence and their details."""

    @wraps(tool)
    def called(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return tool(*args, **kwargs)
        except BackpainRulesError as error:
            return told(error)

    return called
