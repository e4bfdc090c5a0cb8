"""Packs as YAML: read strictly, with a line for every place, and written so that a person can read it.

Read is the core of YAML 1.2 alone: no tags, so nothing is ever constructed; no anchors, so nothing is larger than it looks.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from ..errors import PackLoadError, shown
from ..extras import module_of_extra
from ..json_text import member
from ..pack import Pack
from ..rule import Written
from .read import read_pack
from .write import pack_to_data
from .yaml_comments import merged

MOST_BYTES: Final = 4 << 20
"""How long a YAML text may be; the shipped packs have less than 100 kB."""
DEEPEST: Final = 100
WIDEST_FLOW: Final = 108
"""Up to how many characters a list or a mapping is written on one line."""
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,300}", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?", re.ASCII)
_CONSTANTS: Final[Mapping[str, object]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def pack_from_yaml(text: str | bytes, *, requires: Sequence[Pack] = (), file: str = "<yaml>") -> Pack:
    """The pack in a YAML text, as `pack_from_data` reads it; its rules know the line on which they stand.

    Raises `PackLoadError` with `file`, `line` and `place`, and `MissingExtraError` when the extra `[yaml]` is not installed.
    """
    return pack_of(*read_yaml(text, file), requires, file)


def pack_of(data: Any, lines: Mapping[str, int], requires: Sequence[Pack], file: str) -> Pack:
    """The pack in what `read_yaml` gave."""
    return read_pack(data, requires, lambda place: Written(file, _line(lines, place)), file)


def pack_to_yaml(pack: Pack, *, requires: Sequence[Pack] = (), like: str | bytes | None = None) -> str:
    """A pack as YAML text that a person can read; see `pack_to_data`. It needs the extra `[yaml]`.

    `like` is an earlier text of the pack: the comments, the order and the quotes of what stays the same are kept.
    Raises `PackLoadError` when it is no YAML.
    """
    writer = _ruamel("ruamel.yaml").YAML()
    writer.width = 120
    writer.allow_unicode = True
    writer.preserve_quotes = True
    writer.brace_single_entry_mapping_in_flow_sequence = True
    writer.indent(mapping=2, sequence=4, offset=2)
    data = pack_to_data(pack, requires=requires)
    text = io.StringIO()
    if like is None:
        writer.dump(_styled(data, 0), text)
    else:
        old, _ = read_yaml(like, "<like>")
        said = like.decode("utf-8-sig") if isinstance(like, bytes) else like.removeprefix("\ufeff")
        writer.dump(merged(writer, said, old, data, _styled), text)
    return text.getvalue()


def read_yaml(text: str | bytes, file: str) -> tuple[Any, dict[str, int]]:
    """The data in a YAML text, and the line of every place in it. Raises `PackLoadError`."""
    if not isinstance(text, (str, bytes)):  # pyright: ignore[reportUnnecessaryIsInstance]
        _refuse(f"{shown(text)} is not YAML text; pack_from_data takes data", file, 1)
    if len(text) > MOST_BYTES:
        _refuse(f"more than {MOST_BYTES >> 20} MiB", file, 1)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            _refuse(f"this is not UTF-8 ({error.reason} at byte {error.start})", file, 1)
    yaml = _ruamel("ruamel.yaml")
    try:
        return _Builder(iter(yaml.YAML(typ="safe", pure=True).parse(text.removeprefix("\ufeff"))), file).whole()
    except yaml.error.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(f"this is no YAML: {error.problem or error.context}", file, mark.line + 1 if mark else 1)
    except yaml.error.YAMLError as error:
        _refuse(f"this is no YAML: {shown(str(error))}", file, 1)


class _Builder:
    """Builds plain data from the events of a parser, and notes where each part begins."""

    def __init__(self, events: Any, file: str) -> None:
        self._events, self._file = events, file
        self.lines: dict[str, int] = {}

    def whole(self) -> tuple[Any, dict[str, int]]:
        data: Any = None
        documents = 0
        for event in self._events:
            match type(event).__name__:
                case "DocumentStartEvent":
                    documents += 1
                    if documents > 1:
                        self._refuse("a second document begins here; a file holds one pack", event)
                case "StreamStartEvent" | "StreamEndEvent" | "DocumentEndEvent" | "CommentEvent":
                    pass
                case _:
                    data = self._value(event, "", 0)
        return data, self.lines

    def _value(self, event: Any, place: str, depth: int) -> Any:
        self.lines[place] = event.start_mark.line + 1
        kind = type(event).__name__
        if kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
            self._refuse("anchors and aliases (&name, *name) are not read; write the value out", event)
        if getattr(event, "tag", None) is not None and str(event.tag) != "!":
            self._refuse(f"the tag {shown(str(event.tag))} is not read; remove it", event)
        if depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} lists and mappings stand inside one another", event)
        if kind == "ScalarEvent":
            return self._scalar(event)
        if kind == "SequenceStartEvent":
            return self._sequence(place, depth)
        return self._mapping(place, depth)

    def _sequence(self, place: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            found.append(self._value(event, f"{place}[{len(found)}]", depth + 1))
        return found

    def _mapping(self, place: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            name = event.value if type(event).__name__ == "ScalarEvent" else None
            if name is None or getattr(event, "anchor", None) is not None or event.tag not in (None, "!"):
                self._refuse("the name of a member is plain text", event)
            if name in found:
                self._refuse(f"{shown(name)} is said twice", event)
            here = member(place, name) if place else name
            line = event.start_mark.line + 1
            found[name] = self._value(next(self._events), here, depth + 1)
            self.lines[here] = line
        return found

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # it stands in quotes
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        return text

    def _refuse(self, what: str, event: Any) -> NoReturn:
        _refuse(what, self._file, event.start_mark.line + 1)


def _line(lines: Mapping[str, int], place: str) -> int:
    """The line of a place, or of the nearest thing around it."""
    while place and place not in lines:
        place = re.sub(r"(?:\[[^\[\]]*\]|\.[^.\[\]]*|^[^.\[\]]*)$", "", place) if place[-1] != "." else place[:-1]
    return lines.get(place, 1)


def _styled(data: Any, depth: int) -> Any:
    """The data with short parts on one line each."""
    comments = _ruamel("ruamel.yaml.comments")
    if isinstance(data, Mapping):
        made = comments.CommentedMap((name, _styled(value, depth + 1)) for name, value in data.items())
    elif isinstance(data, (list, tuple)):
        made = comments.CommentedSeq(_styled(value, depth + 1) for value in data)
    else:
        return data
    if depth > 1 and len(json.dumps(data, ensure_ascii=False)) <= WIDEST_FLOW:
        made.fa.set_flow_style()
    return made


def _ruamel(module: str) -> Any:
    return module_of_extra(module, "yaml", "YAML")


def _refuse(what: str, file: str, line: int) -> NoReturn:
    raise PackLoadError(f"{file}, line {line}: {what}", file=file, line=line)
