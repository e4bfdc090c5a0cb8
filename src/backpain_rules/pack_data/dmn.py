"""DMN decision tables (OMG DMN 1.1 to 1.5) to tables of this library, and back.

An input that names a term or a field (`pain.severity`) is that. Any other becomes a slot of a fact type that the table brings,
`{decision}_input`, and its results are facts of the type `{decision}`, so that a table of another tool works as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from ..errors import PackLoadError, shown
from .cells import ANY, plain_value
from .names import Names, id_from
from .tables import Row, Table
from .write import VERSION

MOST_BYTES: Final = 8 << 20
NAMESPACE: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_TYPES: Final = {
    "number": "decimal", "integer": "integer", "long": "integer", "double": "decimal", "boolean": "boolean", "date": "date",
    "dateTime": "moment", "date and time": "moment", "time": "time", "string": "text", "days and time duration": "duration",
    "dayTimeDuration": "duration",
}  # fmt: skip
_BOXED: Final = ("literalExpression", "context", "invocation", "relation", "list", "functionDefinition", "conditional")


@dataclass(frozen=True)
class _Input:
    expression: str
    type: str
    values: tuple[str, ...]


def read_dmn(data: bytes, file: str, names: Names) -> tuple[dict[str, Any], list[Table]]:
    """What a DMN file declares, as the data of a pack, and its decision tables. Raises `PackLoadError`."""
    root = _parsed(data, file)
    pack_id = id_from(root.get("name") or Path(file).stem)
    title = root.get("name") or Path(file).stem
    declared: dict[str, Any] = {"backpain_rules_pack": VERSION, "id": pack_id, "version": "1", "title": title, "fact_types": {}}
    decisions = [one for one in root.iter() if _tag(one) == "decision"]
    if not decisions:
        _refuse("it has no decision", file)
    results: dict[str, str] = {}
    tables = []
    for decision in _in_order(decisions):
        name = decision.get("name") or decision.get("id") or "decision"
        table = next((one for one in decision if _tag(one) == "decisionTable"), None)
        if table is None:
            boxed = next((_tag(one) for one in decision if _tag(one) in _BOXED), "nothing")
            _refuse(f"decision {shown(name)} is {boxed}, and only decision tables are read", file)
        tables.append(_table(table, name, file, names, declared, results))
    return declared, tables


def table_to_dmn(table: Table, name: str) -> str:
    """A table as a DMN 1.3 file. Cells stand as they were written: they are FEEL already, but for yes, no and unknown."""
    root = Element("definitions", xmlns=NAMESPACE, id=id_from(name), name=name, namespace="https://example.org/dmn")
    decision = ElementTree.SubElement(root, "decision", id=f"{id_from(name)}_decision", name=name)
    policy = {"U": "UNIQUE", "A": "ANY", "C": "COLLECT", "F": "FIRST", "P": "PRIORITY"}[table.policy.upper()]
    element = ElementTree.SubElement(decision, "decisionTable", id=f"{id_from(name)}_table", hitPolicy=policy)
    for number, heading in enumerate(table.inputs):
        one = ElementTree.SubElement(element, "input", id=f"input_{number}", label=heading)
        _text(ElementTree.SubElement(one, "inputExpression", id=f"expression_{number}"), heading)
    for number, heading in enumerate(table.outputs):
        one = ElementTree.SubElement(element, "output", id=f"output_{number}", name=heading)
        if table.priorities.get(heading):
            _text(ElementTree.SubElement(one, "outputValues"), ", ".join(table.priorities[heading]))
    for row in table.rows:
        rule = ElementTree.SubElement(element, "rule", id=row.id or f"rule_{row.number}")
        for number, cell in enumerate(row.inputs):
            _text(ElementTree.SubElement(rule, "inputEntry", id=f"{rule.get('id')}_input_{number}"), cell or "-")
        for number, cell in enumerate(row.outputs):
            _text(ElementTree.SubElement(rule, "outputEntry", id=f"{rule.get('id')}_output_{number}"), _literal(cell))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _table(element: Element, name: str, file: str, names: Names, declared: dict[str, Any], results: dict[str, str]) -> Table:
    id = id_from(name)
    if element.get("aggregation"):
        _refuse(f"decision {shown(name)} aggregates by {element.get('aggregation')}; only single results are read", file)
    inputs = [_input(one) for one in element if _tag(one) == "input"]
    outputs = [one for one in element if _tag(one) == "output"]
    headings = [_heading(one, id, names, declared, results) for one in inputs]
    targets = []
    for output in outputs:
        said = output.get("name") or output.get("label") or name
        tag, _, field = said.partition(".")
        if tag in names.fact_types:
            targets.append(said)
            continue
        field = id_from(said) if len(outputs) > 1 else "value"
        fields = declared["fact_types"].setdefault(id, {"fields": {}})["fields"]
        fields[field] = {"type": _type(output.get("typeRef", "string"), ()), "role": "optional key"}
        results[name] = f"{id}.{field}"
        targets.append(f"{id}.{field}")
    rows = []
    for number, rule in enumerate((one for one in element if _tag(one) == "rule"), 1):
        tests = [_said(one) for one in rule if _tag(one) == "inputEntry"]
        ends = [_said(one) for one in rule if _tag(one) == "outputEntry"]
        if len(tests) != len(inputs) or len(ends) != len(outputs):
            _refuse(f"decision {shown(name)}, row {number}: it has not as many entries as the table has columns", file)
        for text in ends:
            if text not in ANY and not _is_literal(text):
                _refuse(
                    f"decision {shown(name)}, row {number}: {shown(text)} computes a result; a conclusion is a constant", file
                )
        notes = [_said(one) for one in rule if _tag(one) in ("description", "annotationEntry")]
        rows.append(Row(number, tuple(tests), tuple(ends), "", "", " ".join(filter(None, notes))))
    order = {target: _listed(output) for target, output in zip(targets, outputs, strict=True) if _listed(output)}
    return Table(
        id, element.get("hitPolicy", "UNIQUE"), tuple(headings), tuple(targets), tuple(rows), file, name, priorities=order
    )


def _heading(one: _Input, id: str, names: Names, declared: dict[str, Any], results: Mapping[str, str]) -> str:
    """The column that an input is: a term, a field, the result of an earlier table, or a slot of its own."""
    if names.vocabularies(one.expression):
        return one.expression
    tag, _, field = one.expression.partition(".")
    if tag in names.fact_types and field in names.fact_types[tag].schema_.fields:
        return one.expression
    if one.expression in results:
        return results[one.expression]
    fields = declared["fact_types"].setdefault(f"{id}_input", {"fields": {}})["fields"]
    fields[id_from(one.expression)] = {"type": _type(one.type, one.values), "role": "slot", "ask": f"{one.expression}?"}
    return f"{id}_input.{id_from(one.expression)}"


def _input(element: Element) -> _Input:
    expression = next((one for one in element if _tag(one) == "inputExpression"), None)
    values = next((_said(one) for one in element if _tag(one) == "inputValues"), "")
    said = _said(expression) if expression is not None else element.get("label") or ""
    kind = expression.get("typeRef", "string") if expression is not None else "string"
    return _Input(said or element.get("label") or "input", kind, tuple(re.findall(r'"([^"]*)"', values)))


def _type(kind: str, values: Sequence[str]) -> Any:
    if values:
        return list(values)
    return _TYPES.get(kind.split(":")[-1], "text")


def _in_order(decisions: Sequence[Element]) -> Iterator[Element]:
    """The decisions, each after those that it requires."""
    waiting = list(decisions)
    done: set[str] = set()
    known = {str(one.get("id")) for one in decisions}
    while waiting:
        ready = next((one for one in waiting if all(need in done or need not in known for need in _required(one))), waiting[0])
        waiting.remove(ready)
        done.add(str(ready.get("id")))
        yield ready


def _required(decision: Element) -> list[str]:
    return [one.get("href", "").lstrip("#") for one in decision.iter() if _tag(one) == "requiredDecision"]


def _listed(output: Element) -> list[str]:
    values = next((_said(one) for one in output if _tag(one) == "outputValues"), "")
    return [one.strip() for one in values.split(",") if one.strip()]


def _is_literal(text: str) -> bool:
    value = plain_value(text)
    return (
        not isinstance(value, str) or text[:1] == '"' or bool(re.fullmatch(r"(date|time|duration|date and time)\s*\(.*\)", text))
    )


def _literal(text: str) -> str:
    return text if not text or text in ANY or not isinstance(plain_value(text), str) or text[0] == '"' else f'"{text}"'


def _parsed(data: bytes, file: str) -> Element:
    """The elements of an XML file without a document type: entities are how XML grows and reads other files."""
    if len(data) > MOST_BYTES:
        _refuse(f"more than {MOST_BYTES >> 20} MiB", file)
    scout = expat.ParserCreate()

    def refuse(*_: object) -> NoReturn:
        _refuse("it has a document type, which is not read; remove the line with <!DOCTYPE", file)

    scout.StartDoctypeDeclHandler = refuse
    try:
        scout.Parse(data, True)
        root = ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError) as error:
        _refuse(f"this is no XML: {error}", file)
    if _tag(root) != "definitions":
        _refuse(f"its root is {shown(_tag(root))}, not the definitions of DMN", file)
    return root


def _tag(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _said(element: Element) -> str:
    text = next((one for one in element if _tag(one) == "text"), element)
    return (text.text or "").strip()


def _text(element: Element, text: str) -> None:
    ElementTree.SubElement(element, "text").text = text


def _refuse(what: str, file: str) -> NoReturn:
    raise PackLoadError(f"{file}: {what}", file=file, place="")
