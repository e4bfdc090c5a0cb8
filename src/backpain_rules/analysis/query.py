"""Named questions about a rule base and their verdicts, for assertions in tests and for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from ..arguments import wrong
from ..errors import PremiseError
from ..facts.base import Fact, to_data
from ..ir.conclusions import Conclusion
from ..ir.expressions import Premise, Variable
from ..ir.premises import Exists, Given, premise
from ..ir.render import Namer, render
from ..link.model import Linked
from ..symbols import Declared
from .diagnostic import say_case

Kind: TypeAlias = Literal["implies", "equivalent", "disjoint", "can_follow", "never_follows", "same_as"]
How: TypeAlias = Literal["proof", "patient", "undecided"]
SAID: Final = {
    ("proof", True): "proved",
    ("proof", False): "proved to be false",
    ("patient", True): "true",
    ("patient", False): "false",
    ("undecided", False): "undecided",
}
Asked: TypeAlias = "Given | Conclusion[Any]"


class HasRuleBase(Protocol):
    """A knowledge base."""

    @property
    def rule_base(self) -> Linked: ...


@dataclass(frozen=True, eq=False)
class Query(Declared):
    """A question for `KnowledgeBase.prove`, made by `implies`, `disjoint`, `can_follow` and others."""

    instead_of_truth = "before it is asked: write kb.prove(...)"
    kind: Kind
    of: tuple[Premise, ...] = ()
    other: HasRuleBase | None = field(default=None, repr=False)

    def __str__(self) -> str:
        names = Namer()
        return f"{self.kind}({', '.join(render(one, names) for one in self.of) or 'the other knowledge base'})"


@dataclass(frozen=True, repr=False)
class Verdict:
    """The verdict on a question. It is true if the answer is yes and proved.

    `how` is "proof" (over all cases), "patient" (who shows it), or "undecided" (not all values could be tried, or the time ran
    out; then the verdict is false). `detail` says more.
    """

    question: str
    holds: bool
    how: How
    patient: tuple[Fact, ...] | None = None
    detail: str = ""

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        said = SAID[self.how, self.holds]
        shown = "" if self.patient is None else f", for instance: {say_case(self.patient)}"
        return f"<{self.question}: {said}{shown}{f' ({self.detail})' if self.detail else ''}>"

    def to_data(self) -> dict[str, Any]:
        """As JSON data; pass the patient to `read_case`."""
        patient = None if self.patient is None else {"facts": [to_data(fact) for fact in self.patient]}
        return {"question": self.question, "holds": self.holds, "how": self.how, "patient": patient, "detail": self.detail}


def implies(one: Asked, other: Asked) -> Query:
    """Ask whether `other` is established for every patient for whom `one` is.

    An `each` variable in both premises is the same fact. A variable only in `other` is any fact.

    >>> from backpain_rules import KnowledgeBase, Pack, Pain, Rule, condition, each, implies
    >>> pain, ILL = each(Pain), condition("ill", "Ill")
    >>> rule = Rule("r", when=pain.severity >= 5, then=ILL.finding())
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule])])
    >>> assert kb.prove(implies(pain.severity >= 7, ILL))
    >>> kb.prove(implies(pain, ILL))
    <implies(pain, ill): false, for instance: pain lumbar>
    """
    return Query("implies", (_premise("implies", one), _premise("implies", other)))


def equivalent(one: Asked, other: Asked) -> Query:
    """Ask whether both are established for exactly the same patients."""
    return Query("equivalent", (_premise("equivalent", one), _premise("equivalent", other)))


def disjoint(one: Asked, other: Asked) -> Query:
    """Ask whether there is no patient for whom both are established."""
    return Query("disjoint", (_premise("disjoint", one), _premise("disjoint", other)))


def can_follow(of: Asked) -> Query:
    """Ask whether there is a patient for whom this is established: a conclusion, a condition, or any premise."""
    return Query("can_follow", (_premise("can_follow", of),))


def never_follows(of: Asked) -> Query:
    """Ask whether there is no patient for whom this is established."""
    return Query("never_follows", (_premise("never_follows", of),))


def same_as(other: HasRuleBase) -> Query:
    """Ask whether another knowledge base concludes the same for every patient that both can describe, as `KnowledgeBase.diff`
    does."""
    if not isinstance(getattr(other, "rule_base", None), Linked):
        raise wrong("same_as", "other", other, "a knowledge base", "write same_as(KnowledgeBase([PACK]))", PremiseError)
    return Query("same_as", other=other)


def _premise(place: str, given: object) -> Premise:
    try:
        if isinstance(given, Conclusion):
            return Exists((Variable(given.kind, {name: given.fields[name] for name in given.said}),))
        return premise(given)
    except PremiseError as error:
        raise error.at(place) from None


def answered(question: str, *, patient: tuple[Fact, ...] | None, open_: Iterable[str], wanted: bool, proof: str) -> Verdict:
    """The verdict of a search for a patient; finding one means yes if `wanted`. `open_` says why one may still exist."""
    if patient is not None:
        return Verdict(question, wanted, "patient", patient)
    why = "; ".join(open_)
    return Verdict(question, False, "undecided", detail=why) if why else Verdict(question, not wanted, "proof", detail=proof)
