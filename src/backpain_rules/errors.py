"""All errors that this library raises on purpose.

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
├── MissingProgramError          a drawing that needs a program which is not installed
├── CertificateError             a certificate that proves nothing, or something else than it says
└── ProofError                   a proof and the engine contradict each other

`error.fields` holds the details as JSON-ready data, so a form or a service need not parse the message. As attributes
(`error.value`) they are the original objects.

`RuleBaseWarning` is the only warning: a rule that is allowed but probably a mistake.
"""

from __future__ import annotations

import difflib
import math
import reprlib
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from enum import Enum
from itertools import count
from typing import Any, Final

LONGEST_NAME: Final = 100
"""Longer names are not compared with known ones: no id is longer, and the cost is quadratic."""
LONGEST_SHOWN: Final = 120
"""A message shows at most so many characters of a value."""
DEEPEST: Final = 20
"""`fields` represents nested values as data down to this depth, and deeper ones as text."""


class BackpainRulesError(Exception):
    """The base class of all errors. The keyword arguments are the details: pack, rule, fact type, value, suggestions."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self._details = details

    @property
    def fields(self) -> dict[str, Any]:
        """The details as JSON data: `json.loads(json.dumps(error.fields))` is equal."""
        return {name: as_data(value) for name, value in self._details.items()}

    def __getattr__(self, name: str) -> object:
        details: dict[str, object] = self.__dict__.get("_details", {})
        if name in details:
            return details[name]
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self._details))

    def at(self, place: str, **details: object) -> BackpainRulesError:
        """The same error with a place in front of its message."""
        return type(self)(f"{place}: {self.message}", **{**self._details, "place": place, **details})

    def with_details(self, **details: object) -> BackpainRulesError:
        """The same error with further details."""
        return type(self)(self.message, **{**self._details, **details})

    def written(self, file: str, line: int) -> BackpainRulesError:
        """The same error with a line of source code after its message."""
        folder, _, name = file.replace("\\", "/").rpartition("/")
        short = f"{folder.rpartition('/')[2]}/{name}" if name == "__init__.py" else name
        return type(self)(f"{self.message} ({short}, line {line})", **{**self._details, "file": file, "line": line})


class RuleBaseWarning(UserWarning):
    """A rule that is allowed but probably a mistake. `KnowledgeBase` warns when it is made."""


def _rebuild(kind: type[BackpainRulesError], message: str, fields: dict[str, object]) -> BackpainRulesError:
    return kind(message, **fields)


class FactError(BackpainRulesError):  # not a ValueError, which pydantic would wrap
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


class CertificateError(BackpainRulesError, ValueError): ...


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


class MissingProgramError(BackpainRulesError): ...


class ProofError(BackpainRulesError): ...


def nearest(name: str, known: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """The known names closest to `name`, best first; empty if none is close."""
    if not isinstance(name, str) or len(name) > LONGEST_NAME:  # pyright: ignore[reportUnnecessaryIsInstance]
        return ()
    return tuple(difflib.get_close_matches(name, sorted(set(known)), count))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message: `; did you mean 'x'?`, or nothing if no known name is close."""
    near = nearest(name, {*known} - {name}) if isinstance(name, str) else ()  # pyright: ignore[reportUnnecessaryIsInstance]
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
    """A value for a message: its `repr`, shortened if it is long or deep.

    >>> from backpain_rules.errors import shown
    >>> shown("lumber"), len(shown("x" * 1_000_000))
    ("'lumber'", 120)
    """
    try:
        text = _SHORT.repr(value)
    except KeyboardInterrupt:
        raise
    except BaseException:  # its repr may raise anything, or exit
        text = f"<{type(value).__name__} without a repr>"
    return text if len(text) <= 2 * LONGEST_SHOWN else f"{text[: 2 * LONGEST_SHOWN - 3]}..."


def printable(text: str) -> str:
    """The text on one line, with control characters as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def as_data(value: object, depth: int = 0) -> Any:
    """A value as JSON data; anything that JSON cannot hold becomes text."""
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:
        return value if value.bit_length() < 1000 else f"an integer of {value.bit_length()} bits"
    if type(value) is float:
        return value if math.isfinite(value) else str(value)
    if depth >= DEEPEST:
        return shown(value)
    if isinstance(value, Enum):
        return as_data(value.value, depth + 1)
    if isinstance(value, Mapping):
        return _mapping_as_data(value, depth)
    if isinstance(value, (list, tuple)):
        return [as_data(v, depth + 1) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted((as_data(v, depth + 1) for v in value), key=repr)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _seconds(value)
    if isinstance(value, type):
        return value.__name__
    return _fact_as_data(value)


def _mapping_as_data(value: Mapping[Any, object], depth: int) -> dict[str, Any]:
    """A mapping with text keys. Other keys become text, with a number if the text is taken, so no entry is lost."""
    named = {k: as_data(v, depth + 1) for k, v in value.items() if type(k) is str}
    for key, inner in value.items():
        if type(key) is not str:
            name = shown(key)
            taken = (f"{name} ({number})" for number in count(2))
            while name in named:
                name = next(taken)
            named[name] = as_data(inner, depth + 1)
    return named


def _seconds(value: timedelta) -> str:
    """A duration in ISO 8601, exact to the microsecond. This module cannot import `durations`."""
    sign, length = ("-", -value) if value < timedelta(0) else ("", value)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    return f"{sign}PT{length.days * 86400 + length.seconds}{fraction}S"


def _fact_as_data(value: object) -> Any:
    """A fact as in a JSON case; any other object as text. Uses names, because this module cannot import `facts`."""
    dump, tag = getattr(type(value), "model_dump", None), getattr(type(value), "tag", None)
    if dump is None or tag is None:
        return shown(value)
    try:
        return {"type": tag(), **{n: v for n, v in dump(value, mode="json").items() if v is not None}}
    except Exception:
        return shown(value)
