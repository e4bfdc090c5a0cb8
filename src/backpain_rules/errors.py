"""Every error this library raises on purpose, in one tree.

BackpainRulesError
├── FactError                    the facts given are not a case
│   ├── InvalidFactError         a field is missing, unknown or has an impossible value
│   ├── UnknownIdError           an id that no loaded pack declares
│   ├── UnknownFactTypeError     a fact type that no loaded pack knows
│   ├── ConflictingFactError     two facts with one key and different content
│   ├── AnswerError              an answer that its question cannot have, or to no question
│   └── TableError               a column, or a value in one, that a table of cases cannot have
├── RuleBaseError                the rules, as written, do not make sense
│   ├── UnknownFieldError        a fact type has no such field
│   ├── FieldValueError          a value outside the type of the field it meets
│   ├── PremiseError             a premise put together wrongly
│   ├── UnknownStatementError    a source has no such statement
│   ├── DefinitionError          a rule, term, parameter or pack defined wrongly, or twice
│   ├── UnknownTargetError       an act on something that no loaded pack has
│   ├── ParameterError           a parameter value outside its type or its bounds
│   └── StratificationError      a cycle through a negation
├── PackError                    a pack cannot be had
│   ├── PackLoadError            its distribution fails to import or to register
│   ├── DuplicatePackError       two packs of one name
│   ├── UnknownPackError         no pack of that name
│   └── UnknownLanguageError     no pack has words in that language
├── EngineError                  an engine that is unknown, or fails
│   └── BeyondEngineError        a rule base that an engine does not take
├── SessionError                 a session that cannot be used or taken up
│   ├── SavedStateError          what was saved is damaged, of another shape, or of another format
│   ├── SessionInUseError        another thread uses it now, or its own change is not finished
│   ├── OtherPacksError          it was made under other packs or parameters
│   └── JournalError             its file is damaged, or cannot be written
├── MissingExtraError            a part of the library that needs an extra which is not installed
└── ProofError                   a proof and the engine contradict each other

Errors carry what they speak of in `fields`, also as attributes, so that a form or a service can use it
without reading the sentence.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable
from typing import Final

LONGEST_NAME: Final = 100
"""Up to how many characters a name is compared with the known ones: no id is longer, and the comparison takes its square."""
LONGEST_SHOWN: Final = 120
"""How many characters of a value stand in a sentence."""


class BackpainRulesError(Exception):
    """The common base. `fields` holds what the error speaks of: pack, rule, fact type, value, suggestions."""

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields

    def __getattr__(self, name: str) -> object:
        fields: dict[str, object] = self.__dict__.get("fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.fields))

    def at(self, place: str, **fields: object) -> BackpainRulesError:
        """The same error with the place where it happened before its sentence."""
        return type(self)(f"{place}: {self.message}", **{**self.fields, "place": place, **fields})


def _rebuild(kind: type[BackpainRulesError], message: str, fields: dict[str, object]) -> BackpainRulesError:
    return kind(message, **fields)


class FactError(BackpainRulesError):  # not a ValueError: pydantic would wrap it in its own
    ...


class InvalidFactError(FactError): ...


class UnknownIdError(FactError): ...


class UnknownFactTypeError(FactError): ...


class ConflictingFactError(FactError): ...


class AnswerError(FactError): ...


class TableError(FactError): ...


class RuleBaseError(BackpainRulesError): ...


class UnknownFieldError(RuleBaseError, AttributeError): ...


class FieldValueError(RuleBaseError, ValueError): ...


class PremiseError(RuleBaseError, TypeError): ...


class UnknownStatementError(RuleBaseError, LookupError): ...


class DefinitionError(RuleBaseError): ...


class UnknownTargetError(RuleBaseError): ...


class ParameterError(RuleBaseError, ValueError): ...


class StratificationError(RuleBaseError): ...


class PackError(BackpainRulesError): ...


class PackLoadError(PackError): ...


class DuplicatePackError(PackError): ...


class UnknownPackError(PackError): ...


class UnknownLanguageError(PackError, LookupError): ...


class EngineError(BackpainRulesError): ...


class BeyondEngineError(EngineError): ...


class SessionError(BackpainRulesError): ...


class SavedStateError(SessionError): ...


class SessionInUseError(SessionError): ...


class OtherPacksError(SessionError): ...


class JournalError(SessionError): ...


class MissingExtraError(BackpainRulesError, ImportError): ...


class ProofError(BackpainRulesError): ...


def nearest(name: str, known: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """The known names closest to `name`, best first; empty when none is near."""
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        return ()
    return tuple(difflib.get_close_matches(name, sorted(set(known)), count))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The tail of a sentence: `; did you mean 'x'?`, or nothing when no known name is near."""
    near = nearest(name, known)
    return f"; did you mean {near[0]!r}?" if near else ""


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxdict, self.maxlist, self.maxtuple, self.maxset, self.maxfrozenset = 3, 8, 8, 8, 8, 8
        self.maxstring = self.maxother = LONGEST_SHOWN

    def repr_int(self, x: int, level: int) -> str:
        return repr(x) if x.bit_length() < 300 else f"a whole number of {x.bit_length()} bits"

    def repr_instance(self, x: object, level: int) -> str:
        try:
            text = repr(x)
        except Exception:
            return f"<{type(x).__name__}>"
        return text if len(text) <= self.maxother else f"{text[: self.maxother - 3]}..."


_SHORT: Final = _Short()


def shown(value: object) -> str:
    """A value as a sentence shows it: its `repr`, cut where it is long or deep.

    >>> from backpain_rules.errors import shown
    >>> shown("lumber"), len(shown("x" * 1_000_000))
    ("'lumber'", 120)
    """
    text = _SHORT.repr(value)
    return text if len(text) <= 2 * LONGEST_SHOWN else f"{text[: 2 * LONGEST_SHOWN - 3]}..."


def printable(text: str) -> str:
    """The text on one line, with everything a terminal would obey, and not show, written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
