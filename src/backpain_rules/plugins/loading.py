"""Load the pack of one entry point, or make an error that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pluggy

from .._version import __version__
from ..errors import PackError, PackLoadError, did_you_mean, shown
from ..pack import Pack
from . import hookspecs
from .border import StrangerError, run, said

HOOK = hookspecs.backpain_rules_pack.__name__
LIBRARY = "backpain-rules"


@dataclass(frozen=True)
class FoundPack:
    """A pack with its origin: the distribution, its version, and the name of the entry point."""

    pack: Pack
    distribution: str
    version: str
    entry_point: str
    is_shipped: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry point with the name and version of the distribution that declares it."""

    point: EntryPoint
    distribution: str
    version: str
    asks_for: str | None = None
    """The minimum version of this library that its distribution requires, if any."""

    @classmethod
    def of(cls, point: EntryPoint) -> Entry:
        if point.dist is None:
            return cls(point, "(unknown distribution)", "(unknown version)")
        try:  # METADATA may be missing or empty in a damaged installation
            name, version, requires = point.dist.name, point.dist.version, point.dist.requires or ()
        except Exception:
            name, version, requires = "", "", ()
        return cls(point, name or "(unknown distribution)", version or "(unknown version)", _asked_for(requires))

    @property
    def name(self) -> str:
        return self.point.name

    @property
    def is_shipped(self) -> bool:
        """Whether it belongs to this library."""
        return _normal(self.distribution) == LIBRARY

    def broken(self, what: str, remedy: str, kind: type[PackError] = PackLoadError, **fields: object) -> PackError:
        """The error for a broken entry point: where, what, and what to do."""
        return kind(
            f"entry point {self.name!r} of {self.distribution} {self.version}: {what}; {remedy}",
            entry_point=self.name, distribution=self.distribution, version=self.version, remedy=remedy, **fields,
        )  # fmt: skip


def load(entry: Entry) -> FoundPack:
    """The pack of an entry point. Raises `PackLoadError` for any failure."""
    if entry.asks_for and _release(entry.asks_for) > _release(__version__):
        raise entry.broken(f"it asks for {LIBRARY} {entry.asks_for}, and {__version__} is installed", f"upgrade {LIBRARY}")
    try:
        plugin: object = run(entry.point.load)
    except StrangerError as raised:
        error = raised.__cause__ or raised
        raise entry.broken(f"{entry.point.value!r} cannot be imported: {said(error)}", _remedy(entry, error)) from error
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        run(lambda: manager.register(plugin, entry.name))
    except StrangerError as raised:
        error = raised.__cause__ or raised
        raise entry.broken(said(error), f"the hook reads `def {HOOK}() -> Pack`") from error
    _check_hooks(entry, plugin, manager)
    try:
        pack: object = run(manager.hook.backpain_rules_pack)
    except StrangerError as raised:
        error = raised.__cause__ or raised
        raise entry.broken(f"{HOOK}() failed: {said(error)}", _remedy(entry, error)) from error
    if not isinstance(pack, Pack):
        raise entry.broken(f"{HOOK}() returned {shown(pack)}, which is no Pack", "let it return the Pack object")
    return FoundPack(pack, entry.distribution, entry.version, entry.name, entry.is_shipped)


def _check_hooks(entry: Entry, plugin: object, manager: pluggy.PluginManager) -> None:
    """Check that exactly one hook is implemented, with the right name."""
    callers = manager.get_hookcallers(plugin) or []
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        names = [caller.name for caller in callers if not caller.has_spec()]
        remedy = did_you_mean(names[0], [HOOK]).removeprefix("; ") or f"the only one is {HOOK!r}"
        raise entry.broken(f"there is no hook {names[0]!r}", remedy, hook=names[0]) from error
    if callers:
        return
    if callable(getattr(plugin, HOOK, None)):
        raise entry.broken(f"{HOOK} is not marked", "put @hookimpl from backpain_rules on it")
    raise entry.broken(
        f"{entry.point.value!r} has no hook",
        f"name a module, or an object, with a function {HOOK} that is marked with @hookimpl",
    )


def _asked_for(requirements: Iterable[str]) -> str | None:
    """The lower bound of this library in the requirements of a distribution, extras aside."""
    for requirement in requirements:
        asked, _, marker = requirement.partition(";")
        name = re.match(r"[\w.-]+", asked)
        bound = re.search(r"(?:>=|~=|==)\s*(\d[\d.]*)", asked)
        if name and bound and _normal(name[0]) == LIBRARY and "extra" not in marker:
            return bound[1]
    return None


def _release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparison."""
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def _normal(distribution: str) -> str:
    """The normalised name of a distribution."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _remedy(entry: Entry, error: BaseException) -> str:
    """The advice for the person who installed it."""
    missing = error.name or "" if isinstance(error, ImportError) else ""
    if missing.partition(".")[0] == "backpain_rules":
        return f"it was written for another {LIBRARY} than the installed {__version__}: upgrade one of the two"
    if isinstance(error, ModuleNotFoundError):
        return f"install what provides {missing!r}, or uninstall {entry.distribution}"
    return f"report it to the author, or uninstall {entry.distribution}"
