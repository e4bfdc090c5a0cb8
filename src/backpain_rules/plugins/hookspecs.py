"""The one hook a pack implements, and the mark by which it is found."""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from ..pack import Pack

PROJECT = "backpain_rules"


@pluggy.HookspecMarker(PROJECT)(firstresult=True)
def backpain_rules_pack() -> Pack:
    """The pack of this distribution. It may be asked for more than once, and gives the same pack each time."""
    raise NotImplementedError("a specification, implemented by packs")


def hookimpl(function: Callable[[], Pack]) -> Callable[[], Pack]:
    """Mark the function that returns the pack of a distribution; an entry point names the module it is in.

    The function is called `backpain_rules_pack` and takes no arguments. The entry point stands in the group
    `backpain_rules.packs`:

    ```toml
    [project.entry-points."backpain_rules.packs"]
    clinic = "our_clinic_pack"
    ```

    >>> from backpain_rules import Pack, hookimpl
    >>> @hookimpl
    ... def backpain_rules_pack() -> Pack:
    ...     return Pack("clinic", version="1.0", title="Our clinic")
    >>> backpain_rules_pack().id
    'clinic'
    """
    return pluggy.HookimplMarker(PROJECT)(function)
