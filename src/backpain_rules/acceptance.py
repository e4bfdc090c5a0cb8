"""What `KnowledgeBase.check` finds in a pack and its author accepts, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .errors import DefinitionError, did_you_mean
from .ir.expressions import Parameter
from .rule import Constraint, Partition, Rule, Sources, statements
from .source import Statement
from .terms import Term

Target: TypeAlias = "str | Rule | Constraint | Partition | Parameter[Any] | Term"

CODES = {
    "BR001": "unreachable-rule",
    "BR002": "always-overridden",
    "BR003": "redundant-rule",
    "BR004": "exclusive-conclusions-meet",
    "BR005": "breakable-constraint",
    "BR006": "partition-gap",
    "BR007": "partition-overlap",
    "BR008": "breaking-parameter",
    "BR009": "idle-sign",
    "BR010": "unneeded-acceptance",
}
"""The code of each kind of finding, which never changes, and its name."""


@dataclass(frozen=True, eq=False)
class Acceptance:
    """A finding that is as it should be. `targets` are the names of all that it speaks of."""

    code: str
    targets: tuple[str, ...]
    reason: str
    source: Sources | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)


def accept(code: str, target: Target | Sequence[Target], reason: str, *, source: Sources | None = None) -> Acceptance:
    """Accept one finding of `KnowledgeBase.check`, for a reason. If it is not found any more, that is a finding itself.

    `target` is what the finding speaks of: a rule, two rules, a partition, a sign, by the object or by its name.

    >>> from backpain_rules import accept
    >>> accept("BR006", "acute-or-chronic", "the source leaves pain of a few weeks without an injury open").targets
    ('acute-or-chronic',)
    """
    if code not in CODES or code == "BR010":
        raise DefinitionError(f"accept: there is no finding {code!r} to accept{did_you_mean(code, CODES)}", code=code)
    if not reason.strip():
        raise DefinitionError(f"accept({code!r}, ...): say why", code=code)
    targets = (target,) if isinstance(target, (str, Rule, Constraint, Partition, Parameter, Term)) else tuple(target)
    return Acceptance(code, tuple(one if isinstance(one, str) else one.id for one in targets), reason, source)
