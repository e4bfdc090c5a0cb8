"""Engines by name: those that come with the library, and those of other distributions.

Another distribution names its engine under `[project.entry-points."backpain_rules.engines"]`: a class, or any callable,
that takes a `Program` and gives an `Engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Final, TypeAlias

from ..errors import BackpainRulesError, EngineError, did_you_mean, shown
from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from .case import read_case
from .durable import Durable
from .native import Native
from .outcome import Engine, Outcome
from .reference import evaluate

GROUP: Final = "backpain_rules.engines"
Maker: TypeAlias = Callable[[Program], Engine]


class Reference:
    """The reference engine: premises interpreted as they are written, all three sets at once."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def run(self, facts: Iterable[Fact]) -> Outcome:
        case = read_case(self.program.linked, facts)
        once = tuple(case.values())
        program = with_closed(self.program, [fact for fact in once if not fact.schema_.is_open])
        bits = {program.numbers[fact]: bits for fact, bits in evaluate(program.linked, once).items()}
        return Outcome(program, once, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits)


ENGINES: Final[Mapping[str, Maker]] = MappingProxyType({"native": Native, "reference": Reference, "durable": Durable})


def make_engine(name: str, program: Program) -> Engine:
    """The engine of this name for this program.

    Raises `EngineError` for an unknown name and for another distribution's engine that cannot be had, and whatever the
    engine itself refuses.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise EngineError(f"engine={shown(name)} is not the name of an engine; there are {', '.join(ENGINES)}", engine=name)
    maker = ENGINES.get(name)
    if maker is not None:
        return maker(program)
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        known = [*ENGINES, *sorted(found)]
        raise EngineError(f"no engine is called {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}", engine=name)
    return _load(found[name])(program)


def _load(entry: EntryPoint) -> Maker:
    try:
        maker: Maker = entry.load()
    except BackpainRulesError:
        raise
    except Exception as error:
        dist = entry.dist
        where = f"{dist.name} {dist.version}" if dist is not None else "no distribution"
        raise EngineError(
            f"engine {entry.name!r} of {where} cannot be loaded: {type(error).__name__}: {error}",
            engine=entry.name,
            distribution=where,
        ) from error
    return maker
