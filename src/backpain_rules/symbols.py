"""Symbols of rules have no value yet, so Python's operators on them raise an error that says what to write.

Python evaluates `and`, `or`, `not`, `in`, `if` and chained comparisons by the truth value of an object. If a symbol had one,
`FEVER and STIFF` would be `STIFF`, and a part of the rule would be lost silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NoReturn

from .errors import PremiseError


class NoOperators:
    """An object without a truth value, whose `&`, `|`, `^` and `~` raise an error that names the function to use.

    Type checkers see no such operators; pyright also reports each use as a truth value.
    """

    __slots__ = ()
    instead_of_truth: ClassVar[str] = (
        "while a rule is being written: use all_of, any_of and not_ instead of and, or, not, in, if or a chained comparison"
    )
    """The advice if Python asks for the truth value of the object."""
    instead_of_operators: ClassVar[str | None] = None
    """The advice for `&`, `|`, `^` and `~`, unless a function makes such premises."""

    def _said(self) -> str:
        """The name of this object in an error."""
        return f"a {type(self).__name__}"

    def __bool__(self) -> NoReturn:
        raise PremiseError(f"{self._said()} has no truth value {self.instead_of_truth}")

    if not TYPE_CHECKING:

        def __and__(self, other: object) -> NoReturn:
            self._no_operator("&", "write all_of(a, b)")

        def __or__(self, other: object) -> NoReturn:
            self._no_operator("|", "write any_of(a, b)")

        def __xor__(self, other: object) -> NoReturn:
            self._no_operator("^", "write any_of(all_of(a, not_(b)), all_of(b, not_(a)))")

        def __invert__(self) -> NoReturn:
            self._no_operator("~", "write not_(a)")

        __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def _no_operator(self, operator: str, advice: str) -> NoReturn:
        raise PremiseError(f"{self._said()} has no operator {operator}: {self.instead_of_operators or advice}")


class Declared(NoOperators):
    """Something that a pack lists. Operators cannot combine two of them."""

    __slots__ = ()
    instead_of_truth = "to go by: give several as a list, without and, or, not, in or if"
    instead_of_operators = "give several as a list"


class Symbol(NoOperators):
    """Something that rules are written with. It has no truth value, no text and no members."""

    __slots__ = ()
    instead_of_text: ClassVar[str] = "a text shows parameters only, by phrase('... {id} ...', PARAMETER)"
    """The advice if the object is formatted into a text."""
    instead_of_members: ClassVar[str] = "write any_of(x == a, x == b), or give it as one argument, as in at_least(k, SIGNS)"
    """The advice if the object is iterated or used with `in`."""

    if not TYPE_CHECKING:

        def __str__(self) -> NoReturn:
            raise PremiseError(
                f"{self._said()} cannot be put into a text: {self.instead_of_text}; repr(x) shows it while you try things"
            )

        def __format__(self, spec: str) -> NoReturn:
            str(self)

        def __iter__(self) -> NoReturn:
            raise PremiseError(f"{self._said()} has no members to go through: {self.instead_of_members}")

        def __contains__(self, other: object) -> NoReturn:
            iter(self)
