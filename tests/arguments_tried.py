"""A right call with one argument after another replaced by a wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from backpain_rules import BackpainRulesError


def try_each(function: Callable[..., object], positional: Sequence[Any], named: Mapping[str, Any], wrong: Iterable[Any]) -> None:
    """Put each wrong value in the place of each argument: the call has a meaning, or raises an error of the library with
    details that JSON holds."""
    for value in wrong:
        calls = [([*positional[:n], value, *positional[n + 1 :]], named) for n in range(len(positional))]
        calls += [([*positional], {**named, key: value}) for key in named]
        for given, by_name in calls:
            fields: dict[str, Any] = {}
            try:
                function(*given, **by_name)
            except BackpainRulesError as error:
                fields = error.fields
            assert json.loads(json.dumps(fields, allow_nan=False)) == fields
