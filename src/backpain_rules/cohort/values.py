"""The values of one slot in one batch: validate them, and compare them with constants in bulk.

Numbers, times and dates are compared as numpy arrays. For other types each distinct value is parsed once, as in a JSON case, so a
column of text is fastest when it is dictionary-encoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, Protocol, get_args

import annotated_types
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import ValidationError
from pydantic_core import to_json

from ..durations import ODD_OFFSET, format_duration, has_odd_offset
from ..engine.case import unknown_id
from ..errors import FactError, TableError, shown
from ..facts.schema import FieldSchema
from ..ir.operators import OPERATORS
from ..link.model import Linked
from .planes import ONE, ZERO, Plane, both, disjunction, either, first, inverse, pack, unpack

MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = date(1970, 1, 1)
IN_PLACE: Final = 12
"""Bytes of text that a string view stores inline."""
FEW: Final = 3
"""Up to so many codes are compared one by one; more use a lookup table."""


class SlotValues(Protocol):
    """The values of a slot. `known` is the plane of the rows that have a value."""

    known: Plane

    def test(self, op: str, value: Any) -> Plane:
        """The rows with a value for which `value <op> constant` holds."""
        ...

    def objects(self) -> list[Any]:
        """The values as a fact holds them; None for a missing value."""
        ...


class Numbers:
    """Whole numbers, floats, times in microseconds, and dates in days since 1970."""

    def __init__(self, array: pa.Array, base: type, known: Plane, cases: int) -> None:
        self.base, self.known = base, known
        self.array = array
        self.values: NDArray[Any] = flat(array)

    def test(self, op: str, value: Any) -> Plane:
        return both(pack(OPERATORS[op](self.values, as_number(value))), self.known)

    def objects(self) -> list[Any]:
        return list(self.array.to_pylist())


class Truths:
    """True and false."""

    def __init__(self, array: pa.Array, known: Plane, cases: int) -> None:
        self.array, self.known, self.cases = array, known, cases

    def test(self, op: str, value: Any) -> Plane:
        yes = truth(self.array, self.cases)
        held = ZERO
        if OPERATORS[op](True, value):
            held = yes
        if OPERATORS[op](False, value):
            held = either(held, inverse(yes))
        return both(held, self.known)

    def objects(self) -> list[Any]:
        return list(self.array.to_pylist())


class Choices:
    """Values by code. `choices` are the distinct values; None for an invalid value that no row uses."""

    def __init__(self, codes: pa.Array, choices: list[Any], known: Plane, cases: int) -> None:
        self.choices, self.known, self.cases = choices, known, cases
        self.codes: NDArray[Any] = flat(codes)

    def test(self, op: str, value: Any) -> Plane:
        table = [choice is not None and bool(OPERATORS[op](choice, value)) for choice in self.choices]
        held = [code for code, holds in enumerate(table) if holds]
        if len(held) <= FEW:
            plane = disjunction(pack(self.codes == code) for code in held)
        else:
            codes = np.where(self._answered, self.codes, 0)
            plane = pack(np.array(table)[codes])
        return both(plane, self.known)

    def objects(self) -> list[Any]:
        return [self.choices[code] if known else None for code, known in zip(self.codes, self._answered, strict=True)]

    @property
    def _answered(self) -> NDArray[np.bool_]:
        return unpack(self.known, self.cases)


class Words:
    """A few short words, each with the plane of the rows that have it."""

    def __init__(self, array: pa.Array, planes: Mapping[str, Plane], known: Plane) -> None:
        self.array, self.planes, self.known = array, planes, known

    def test(self, op: str, value: Any) -> Plane:
        return disjunction(plane for word, plane in self.planes.items() if OPERATORS[op](word, value))

    def objects(self) -> list[Any]:
        return list(self.array.to_pylist())


class Nothing:
    """No values at all."""

    def __init__(self, cases: int) -> None:
        self.known, self.cases = ZERO, cases

    def test(self, op: str, value: Any) -> Plane:
        return ZERO

    def objects(self) -> list[Any]:
        return [None] * self.cases


def read_slot(linked: Linked, slot: FieldSchema, name: str, array: pa.Array, cases: int) -> SlotValues:
    """The values of a slot in the column called `name`. Raises a `FactError` for a value that the slot cannot hold."""
    if pa.types.is_null(array.type):
        return Nothing(cases)
    if slot.base is bool and pa.types.is_boolean(array.type):
        return Truths(array, validity(array, cases), cases)
    numeric = _as_numeric(slot, name, array)
    if numeric is not None:
        _check_bounds(slot, name, numeric)
        return Numbers(numeric, slot.base, validity(numeric, cases), cases)
    words = _as_words(slot, array, cases)
    if words is not None:
        return words
    codes, dictionary = _as_choices(array)
    choices: list[Any] = []
    for code, value in enumerate(dictionary.to_pylist()):
        try:
            choices.append(_read(linked, slot, name, value))
        except (ValidationError, FactError) as error:
            row = pc.index(codes, code).as_py()
            if row >= 0:
                raise _not_valid(slot, name, row, value, error) from None
            choices.append(None)
    return Choices(codes, choices, validity(codes, cases), cases)


def _as_numeric(slot: FieldSchema, name: str, array: pa.Array) -> pa.Array | None:
    """The column as an array of numbers with the same order as its values; None if it must be parsed value by value."""
    found = array.type
    if slot.values or slot.vocabulary or not _has_only_bounds(slot):
        return None
    is_number = pa.types.is_integer(found) or pa.types.is_floating(found)
    if slot.base is int and is_number:
        wanted = found if pa.types.is_integer(found) and found != pa.uint64() else pa.int64()
    elif slot.base is float and is_number:
        wanted = pa.float64()
    elif slot.base is timedelta and pa.types.is_duration(found):
        wanted = pa.duration("us")
    elif slot.base is date and pa.types.is_date(found):
        wanted = pa.date32()
    else:
        return None
    try:
        return array if found == wanted else array.cast(wanted)
    except pa.ArrowInvalid as error:
        raise TableError(f"column {name!r} cannot hold {found}: {str(error)[:300]}", column=name) from None


def _check_bounds(slot: FieldSchema, name: str, array: pa.Array) -> None:
    """Check the smallest and the largest value, which bounds all the others."""
    some = array.drop_null() if array.null_count else array
    if not len(some):
        return
    values = flat(some)
    for extreme in (values.min(), values.max()):
        value: Any = extreme
        try:
            value = _from_number(slot.base, extreme)
            if isinstance(value, float) and not np.isfinite(value):
                raise TableError("no number; write null where nothing is known")
            slot.adapter.validate_python(value, strict=True)
        except (ValidationError, FactError) as error:
            answered = np.ones(len(array), np.bool_) if not array.null_count else np.asarray(array.is_valid())
            here = (flat(array) == extreme) | ((extreme != extreme) & (flat(array) != flat(array)))
            raise _not_valid(slot, name, int(np.flatnonzero(here & answered)[0]), value, error) from None


def _as_words(slot: FieldSchema, array: pa.Array, cases: int) -> Words | None:
    """A column of text that contains only a few short words; None for any other column.

    A string view stores up to 12 bytes inline, so comparing two numbers compares the words.
    """
    words = {word: word.encode() for word in slot.values if isinstance(word, str)}
    is_text = pa.types.is_string(array.type) or pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type)
    if not is_text or len(words) < len(slot.values) or any(len(text) > IN_PLACE for text in words.values()) or not words:
        return None
    try:
        view = array if pa.types.is_string_view(array.type) else array.cast(pa.string_view())
    except pa.ArrowNotImplementedError:  # an older pyarrow
        return None
    pairs = np.frombuffer(view.buffers()[1], "<u8", count=2 * cases, offset=16 * view.offset).reshape(cases, 2)
    known = validity(view, cases)
    planes: dict[str, Plane] = {}
    for word, text in words.items():
        head, tail = np.frombuffer(len(text).to_bytes(4, "little") + text.ljust(IN_PLACE, b"\0"), "<u8")
        planes[word] = both(pack((pairs[:, 0] == head) & (pairs[:, 1] == tail)), known)
    other = both(known, inverse(disjunction(planes.values())))
    return Words(array, planes, known) if first(other, cases) is None else None


def _as_choices(array: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The column as codes and their values, without nulls."""
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.string())
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    elif array.dictionary.null_count:
        array = array.cast(array.type.value_type).dictionary_encode()
    return array.indices, array.dictionary


def _read(linked: Linked, slot: FieldSchema, name: str, value: Any) -> Any:
    """Parse one value as in a JSON case."""
    if has_odd_offset(value):
        raise TableError(ODD_OFFSET)
    read = slot.adapter.validate_json(
        to_json(format_duration(value) if isinstance(value, timedelta) else value, inf_nan_mode="strings"), strict=True
    )
    if slot.vocabulary and (slot.vocabulary, read) not in linked.terms:
        raise unknown_id(linked, f"column {name!r}", slot.vocabulary, read)
    return read


def _not_valid(slot: FieldSchema, name: str, row: int, value: Any, error: ValidationError | FactError) -> FactError:
    if isinstance(error, FactError):
        what = error.message
    else:
        said = error.errors(include_url=False)[0]["msg"]
        what = f"one of {', '.join(map(str, slot.values))}" if slot.values else f"{said[0].lower()}{said[1:]}"
    return refused(name, row, value, what)


def refused(name: str, row: int, value: object, what: str) -> TableError:
    """The error for an invalid value; `row` counts from 0 within the batch."""
    return TableError(f"column {name!r}, row {row}: {shown(value)}: {what}", column=name, row=row, value=value)


def _has_only_bounds(slot: FieldSchema) -> bool:
    bounds = (annotated_types.Ge, annotated_types.Gt, annotated_types.Le, annotated_types.Lt, annotated_types.Interval)
    return all(isinstance(marker, bounds) for marker in _markers(slot.annotation))


def _markers(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation)[:1]:
        yield from _markers(inner)


def as_number(value: Any) -> Any:
    """A constant as `Numbers` stores it."""
    if isinstance(value, timedelta):
        return value // MICROSECOND
    return (value - EPOCH).days if isinstance(value, date) else value


def _from_number(base: type, number: Any) -> Any:
    """A number as a fact holds it."""
    try:
        if base is timedelta:
            return int(number) * MICROSECOND
        return EPOCH + timedelta(days=int(number)) if base is date else number.item()
    except OverflowError:
        raise TableError("out of the range of times and dates") from None


# --- arrow buffers -----------------------------------------------------------------------------------------------------


def flat(array: pa.Array) -> NDArray[Any]:
    """The values of a fixed-width array; undefined where it is null."""
    kind = array.type
    width = kind.bit_width // 8
    number = "f" if pa.types.is_floating(kind) else "u" if pa.types.is_unsigned_integer(kind) else "i"
    dtype = np.dtype(f"{number}{width}")
    buffer = array.buffers()[1]
    if buffer is None:
        return np.zeros(len(array), dtype)
    return np.frombuffer(buffer, dtype, count=len(array), offset=array.offset * width)


def validity(array: pa.Array, cases: int) -> Plane:
    """The rows where an array is not null."""
    if array.null_count == 0:
        return ONE
    return ZERO if array.null_count == len(array) else _packed(array.buffers()[0], array.offset, cases)


def truth(array: pa.Array, cases: int) -> Plane:
    """The rows where a boolean array is true; undefined where it is null."""
    return _packed(array.buffers()[1], array.offset, cases)


def _packed(buffer: pa.Buffer, offset: int, cases: int) -> Plane:
    """Bits in arrow's packing; copied only if they do not start at a byte boundary."""
    start, shift = divmod(offset, 8)
    if shift == 0:
        return np.frombuffer(buffer, np.uint8, count=(cases + 7) // 8, offset=start)
    held = np.frombuffer(buffer, np.uint8, count=(shift + cases + 7) // 8, offset=start)
    return np.packbits(np.unpackbits(held, count=shift + cases, bitorder="little")[shift:], bitorder="little")
