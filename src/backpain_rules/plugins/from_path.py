"""Load a pack that is not installed from a folder or file, under a unique module name."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path

from ..errors import PackLoadError, shown
from ..pack import Pack
from .border import StrangerError, run, said
from .loading import HOOK

_numbers = count(1)


def pack_from_path(path: Path) -> Pack:
    """The pack whose package is this folder, or whose module is this file. Its imports of its own modules must be relative.

    Raises `PackLoadError` if it cannot be imported or has no `backpain_rules_pack`.
    """
    file = path / "__init__.py" if path.is_dir() else path
    name = f"_pack_{next(_numbers)}_{path.stem}"
    spec = spec_from_file_location(name, file, submodule_search_locations=[str(path)] if path.is_dir() else None)
    if spec is None or spec.loader is None or not file.is_file():
        raise PackLoadError(f"{path} is no Python package and no module", path=str(path))
    module = module_from_spec(spec)
    loader = spec.loader
    sys.modules[name] = module
    try:
        run(lambda: loader.exec_module(module))
        hook = getattr(module, HOOK, None)
        pack: object = None if hook is None else run(hook)
    except StrangerError as raised:
        sys.modules.pop(name, None)
        error = raised.__cause__ or raised
        raise PackLoadError(f"{path} cannot be loaded: {said(error)}", path=str(path)) from error
    if hook is None:
        raise PackLoadError(f"{path} has no {HOOK}(); write one, and mark it with @hookimpl", path=str(path))
    if not isinstance(pack, Pack):
        raise PackLoadError(f"{path}: {HOOK}() returned {shown(pack)}, which is no Pack", path=str(path))
    return pack
