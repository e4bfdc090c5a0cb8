"""A large rule graph with less in it: its conclusions without the rules and signs between them, or its packs alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from ..draw.graph import Graph, Node
from ..draw.picture import Painter, Picture
from .labels import Labels

Detail: TypeAlias = Literal["rules", "conclusions", "packs"]
"""What a rule graph shows: all of it, which conclusions feed which, or which packs do."""


def conclusions_only(graph: Picture, labels: Labels) -> Picture:
    """Which conclusion leads to which through a rule, each in the group of the pack that gives it.

    One rule may take back many conclusions, so what takes them back is said in the boxes and not by arrows.
    """
    pack, reads, gives = _packs(graph), _read(graph), _given(graph)
    givers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    takers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for rule, title in pack.items():
        for id in gives[rule]:
            givers[id][title] = None
    for arrow in graph.arrows:
        if arrow.how == "takes back":
            for id in gives[arrow.target]:
                takers[id][pack[arrow.source]] = None
    painter = Painter(graph.title, labels.say)
    for node in graph.nodes:
        if node.kind == "conclusion":
            taken = [labels.say("taken back by {}", title) for title in takers[node.id]]
            note = labels.say(", ").join(part for part in (node.note, *taken) if part)
            painter.add(replace(node, note=note, group=next(iter(givers[node.id])) if len(givers[node.id]) == 1 else ""))
    concluded = {node.id for node in graph.nodes if node.kind == "conclusion"}
    for rule in pack:
        for source in reads[rule]:
            for target in gives[rule] if source in concluded else ():
                painter.connect(source, target)
    return painter.picture()


def packs_only(graph: Picture, labels: Labels) -> Picture:
    """Which pack reads what another concludes, and which takes it back; each with the number of its rules."""
    pack, reads, gives = _packs(graph), _read(graph), _given(graph)
    painter = Painter(graph.title, labels.say)
    for title, rules in Counter(pack.values()).items():
        painter.add(Node(title, "rule", title, note=labels.say("rules: {}", rules)))
    for giver in pack:
        for reader in pack:
            if pack[giver] != pack[reader] and not set(gives[giver]).isdisjoint(reads[reader]):
                painter.connect(pack[giver], pack[reader])
    for arrow in graph.arrows:
        if arrow.how == "takes back" and pack[arrow.source] != pack[arrow.target]:
            painter.connect(pack[arrow.source], pack[arrow.target], "takes back")
    return painter.picture()


def _packs(graph: Graph) -> Mapping[str, str]:
    """Each rule with its pack."""
    return {node.id: node.group for node in graph.nodes if node.kind == "rule"}


def _read(graph: Graph) -> Mapping[str, list[str]]:
    """What each rule reads."""
    read: defaultdict[str, list[str]] = defaultdict(list)
    for arrow in graph.arrows:
        if arrow.how == "leads to":
            read[arrow.target].append(arrow.source)
    return read


def _given(graph: Graph) -> Mapping[str, list[str]]:
    """What each rule concludes."""
    given: defaultdict[str, list[str]] = defaultdict(list)
    for arrow in graph.arrows:
        if arrow.how == "leads to":
            given[arrow.source].append(arrow.target)
    return given
