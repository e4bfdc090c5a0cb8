"""A rule base as a graph: which signs and conclusions feed which rules, what those conclude, and which take others back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from ..arguments import one_of, text
from ..draw.graph import Node
from ..draw.picture import Painter, Picture
from ..errors import UnknownTargetError, did_you_mean
from ..facts.base import Fact
from ..ir.expressions import Constant, Named, Variable
from ..ir.walk import variables, walk
from ..link.model import Linked, LinkedRule, Template
from .labels import Labels
from .rule_overview import Detail, conclusions_only, packs_only

Pattern = tuple[type[Fact], tuple[tuple[str, object], ...]]


def rule_graph(linked: Linked, labels: Labels, of: str | None = None, detail: Detail = "rules") -> Picture:
    """The graph of all rules, of those of one pack, or of one rule ("pack:rule") with what it feeds and is fed by.

    Raises `UnknownTargetError` for a name that no loaded pack has.
    """
    one_of("graph", "detail", detail, get_args(Detail))
    whole = _whole(linked, labels, of)
    if detail == "conclusions":
        return conclusions_only(whole, labels)
    if detail == "packs":
        return packs_only(whole, labels)
    return whole


def _whole(linked: Linked, labels: Labels, of: str | None) -> Picture:
    rules = _chosen(linked, of)
    concluded = {pattern: None for rule in linked.rules for pattern in map(_pattern_of, rule.templates)}
    titles = {pack.id: labels.text(pack.title) or pack.id for pack in linked.packs}
    painter = Painter(of or "What feeds what", labels.say)
    for rule in rules:
        painter.add(Node(rule.name, "rule", rule.name, group=titles[rule.pack]))
        for variable in _read(rule):
            for pattern in _feeding(variable, linked, concluded):
                painter.add(_node(pattern, linked, labels))
                painter.connect(_id(pattern), rule.name)
        for template in rule.templates:
            painter.add(_node(_pattern_of(template), linked, labels))
            painter.connect(rule.name, _id(_pattern_of(template)))
    shown = {rule.name for rule in rules}
    for rule in rules:
        for other in rule.overridden_by:
            if other in shown:
                painter.connect(other, rule.name, "takes back")
    return painter.picture()


def _chosen(linked: Linked, of: str | None) -> tuple[LinkedRule, ...]:
    if of is None:
        return linked.rules
    text("graph", "of", of, hint='name a pack, or a rule as "pack:rule"')
    by_name = {rule.name: rule for rule in linked.rules}
    packs = {pack.id for pack in linked.packs}
    if of in packs:
        return tuple(rule for rule in linked.rules if rule.pack == of)
    if of not in by_name:
        raise UnknownTargetError(f"no loaded pack or rule is called {of!r}{did_you_mean(of, [*packs, *by_name])}", target=of)
    centre = by_name[of]
    made, read = {_pattern_of(t) for t in centre.templates}, set(_patterns_read(centre, linked))
    near = (
        rule
        for rule in linked.rules
        if rule is centre
        or not made.isdisjoint(_patterns_read(rule, linked))
        or any(_pattern_of(t) in read for t in rule.templates)
        or centre.name in rule.overridden_by
        or rule.name in centre.overridden_by
    )
    return tuple(near)


def _patterns_read(rule: LinkedRule, linked: Linked) -> Iterator[Pattern]:
    concluded = {pattern: None for other in linked.rules for pattern in map(_pattern_of, other.templates)}
    for variable in _read(rule):
        yield from _feeding(variable, linked, concluded)


def _read(rule: LinkedRule) -> Iterator[Variable]:
    """The facts that a rule reads, each pattern once."""
    found = (variable for node in walk(rule.body) for variable in variables(node))
    return iter(dict.fromkeys((*rule.variables, *found)))


def _feeding(variable: Variable, linked: Linked, concluded: Mapping[Pattern, None]) -> Iterable[Pattern]:
    """What a pattern matches: conclusions that rules give, or the stated sign or fact itself."""
    kind = variable._kind
    where = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
    if kind in linked.derived_types:
        return [p for p in concluded if issubclass(p[0], kind) and all(dict(p[1]).get(n, v) == v for n, v in where.items())]
    keys = tuple((name, where[name]) for name in kind.schema_.keys if name in where)
    return [(kind, keys)]


def _pattern_of(template: Template) -> Pattern:
    """What a template concludes, by the ids in its key; a region that it copies is left open."""
    schema = template.kind.schema_
    named = {n: v.id if isinstance(v, Named) else v for n, v in template.constants.items() if schema.fields[n].is_key}
    return template.kind, tuple((name, value) for name, value in named.items() if value is not None)


def _node(pattern: Pattern, linked: Linked, labels: Labels) -> Node:
    kind, where = pattern
    said = [labels.field_value(kind, name, value) for name, value in where]
    is_term = bool(said) and kind.schema_.fields[where[0][0]].vocabulary is not None
    text = said[0] if is_term else labels.kind(kind)
    rest = said[1:] if is_term else said
    note = labels.kind(kind) if is_term else ""
    is_derived = kind in linked.derived_types
    text = labels.say("{} ({})", text, labels.say(", ").join(rest)) if rest else text
    return Node(_id(pattern), "conclusion" if is_derived else "stated", text, note)


def _id(pattern: Pattern) -> str:
    return " ".join((pattern[0].tag(), *(f"{name}={value}" for name, value in pattern[1])))
