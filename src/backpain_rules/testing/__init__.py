"""For those who write packs and engines: strategies, ready-made properties, slips in rules, and one meaning for all engines.

The names are loaded when they are first used, so that the pytest plug-in costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conformance import engine_conformance as engine_conformance
    from .conformance import session_conformance as session_conformance
    from .fact_strategies import register_fact_types as register_fact_types
    from .mutation import Score as Score
    from .mutation import mutation_score as mutation_score
    from .pack_checks import pack_conformance as pack_conformance
    from .pack_checks import pack_tests as pack_tests
    from .source_code import to_source as to_source
    from .strategies import cases as cases
    from .strategies import completions as completions
    from .strategies import facts as facts
    from .strategies import malformed_cases as malformed_cases
    from .watching import watching as watching

_FACE: dict[str, str] = {
    name: module
    for module, names in {
        "conformance": "engine_conformance session_conformance",
        "fact_strategies": "register_fact_types",
        "mutation": "Score mutation_score",
        "pack_checks": "pack_conformance pack_tests",
        "source_code": "to_source",
        "strategies": "cases completions facts malformed_cases",
        "watching": "watching",
    }.items()
    for name in names.split()
}

__all__ = sorted(_FACE)  # pyright: ignore[reportUnsupportedDunderAll]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _FACE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if _FACE[name] == "fact_strategies":
            import_module("hypothesis")  # which loads them as its plug-in, and cannot while they are being loaded
        value = getattr(import_module(f".{_FACE[name]}", __name__), name)
        globals()[name] = value
        return value
