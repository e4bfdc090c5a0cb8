"""The hook that a pack implements, and its marker."""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from ..pack import Pack

PROJECT = "backpain_rules"


@pluggy.HookspecMarker(PROJECT)(firstresult=True)
def backpain_rules_pack() -> Pack:
    """Return the pack of this distribution. Repeated calls must return the same pack."""
    raise NotImplementedError("a specification, implemented by packs")


def hookimpl(function: Callable[[], Pack]) -> Callable[[], Pack]:
    """Mark the function that returns the pack of a distribution. An entry point names its module.

    Call the function `backpain_rules_pack`, without arguments. Declare the entry point in the group `backpain_rules.packs`:

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
