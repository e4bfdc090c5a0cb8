"""Accept findings of `KnowledgeBase.check` in a pack, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .arguments import one_of, text, wrong
from .errors import DefinitionError
from .ir.expressions import Parameter
from .rule import Constraint, Partition, Rule, Sources, check_source, statements
from .source import Statement
from .symbols import Declared
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
class Acceptance(Declared):
    """An accepted finding. `targets` are the names of everything it is about."""

    code: str
    targets: tuple[str, ...]
    reason: str
    source: Sources | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of sources that it cites."""
        return statements(self.source)


def accept(code: str, target: Target | Sequence[Target], reason: str, *, source: Sources | None = None) -> Acceptance:
    """Accept one finding of `KnowledgeBase.check`, with a reason. If the finding disappears, `check` reports the unused
    acceptance.

    `target` is what the finding is about: a rule, two rules, a partition or a sign, as an object or by name.

    >>> from backpain_rules import accept
    >>> accept("BR006", "acute-or-chronic", "the source leaves pain of a few weeks without an injury open").targets
    ('acute-or-chronic',)
    """
    one_of("accept", "code", code, [known for known in CODES if known != "BR010"])
    if not text("accept", "reason", reason).strip():
        raise DefinitionError(f"accept({code!r}, ...): say why", code=code)
    kinds = (str, Rule, Constraint, Partition, Parameter, Term)
    targets = target if isinstance(target, (list, tuple)) else (target,)
    for one in targets:
        if not isinstance(one, kinds):
            raise wrong(f"accept({code!r})", "target", one, "a rule, a constraint, a partition, a parameter, a term, or its name")
    if not targets:
        raise DefinitionError(f"accept({code!r}): name what the finding speaks of", code=code)
    check_source(f"accept({code!r})", source)
    return Acceptance(code, tuple(one if isinstance(one, str) else one.id for one in targets), reason, source)
