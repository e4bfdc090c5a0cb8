"""The leaves of a rule (defined in `goal`), and the goals that a case shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Final

from ..deadline import NEVER as NO_END
from ..deadline import Deadline
from ..ground.evaluate import Evaluation, atom_bits
from ..ground.nodes import Atom, Fires, Known, Node, Some, members, with_replaced
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, FALSE, POSSIBLE, TRUE
from ..ir.expressions import Compare, Constant, Expression, Premise, Variable
from ..ir.premises import AtLeast, Exists, Matches
from ..ir.render import Namer, render, short_name
from ..ir.walk import children
from ..link.model import LinkedRule
from .circles import Circles, SwitchedOff
from .goal import BITS, FIRES, FIRING, SILENT, STANDING, Goal
from .shadows import Shadowed, is_decided
from .thresholds import Point, points_of

ALWAYS: Final = Known(TRUE)
NEVER: Final = Known(FALSE)


@dataclass(frozen=True, eq=False, slots=True)
class Occurrence:
    """A leaf in one instance of its rule. `root` is the condition of the instance, `turned` the same with each leaf value in it.

    `points` are the named positions beside the threshold of a comparison. In a positive circle an instance may support its own
    premise: then `circle` is its number, and `turned` is evaluated with the instance switched off (see `circles`).
    """

    node: Node
    root: Node
    turned: Mapping[str, Node]
    points: Mapping[str, Point]
    circle: int | None = None


class _Turned(dict[str, Node]):
    """A node with each value substituted for a leaf. Made on demand: a rule of 500 leaves would have 250,000 nodes."""

    def __init__(self, root: Node, leaf: Node) -> None:
        super().__init__()
        self._root, self._leaf = root, leaf

    def __missing__(self, value: str) -> Node:
        node = self[value] = with_replaced(self._root, self._leaf, Known(BITS[value]))
        return node


@dataclass(frozen=True, eq=False, slots=True)
class Leaf:
    """A leaf of a rule. A leaf that is not `written` is implied: the presence of the fact that a comparison reads."""

    rule: str
    text: str
    written: bool
    occurrences: tuple[Occurrence, ...]

    def values(self) -> list[Goal]:
        """The goals that it has each of its values, whether it decides or not."""
        return [Goal(self.rule, self.text, value) for value in BITS]

    def goals(self, value: str, against: str, turns: str) -> list[Goal]:
        """The goals that distinguish one value from another, for a threshold once at each point with that value."""
        points = {at: point.value for one in self.occurrences for at, point in one.points.items()}
        parted = [at for at, there in points.items() if there == value] if "unknown" not in (value, against) else []
        return [Goal(self.rule, self.text, value, against, at, turns) for at in parted or [""]]


class Leaves:
    """The leaves of some rules of a program."""

    def __init__(self, shadowed: Shadowed, rules: Collection[str], deadline: Deadline = NO_END) -> None:
        self.program = program = shadowed.program
        self.roots: dict[str, list[Node]] = {name: [] for name in sorted(rules)}
        occurrences: dict[str, dict[object, list[Occurrence]]] = {name: {} for name in self.roots}
        texts: dict[tuple[str, object], tuple[str, bool]] = {}
        linked = {rule.name: rule for rule in program.linked.rules}
        by_keys: dict[str, list[Compare]] = {name: [] for name in self.roots}
        for name, test in shadowed.shadows.values():
            if name in by_keys:
                by_keys[name].append(test)

        def add(name: str, key: object, premise: Premise | None, found: Occurrence) -> None:
            occurrences[name].setdefault(key, []).append(found)
            texts.setdefault((name, key), _told(linked[name], key, premise))

        self.circles = Circles(program)
        for number, instance in enumerate(program.instances):
            deadline.poll()
            name, root = instance.rule.name, instance.condition
            if name in shadowed.shadows:
                name, test = shadowed.shadows[name]
                if name in self.roots:
                    add(name, test, test, Occurrence(NEVER, NEVER, {"true": root, "unknown": NEVER, "false": NEVER}, {}))
            elif name in self.roots:
                self.roots[name].append(root)
                for node in _leaf_nodes(root):
                    deadline.poll()
                    turned = _Turned(root, node)
                    circle = number if number in self.circles.switches else None
                    add(name, *_known_as(program, node), Occurrence(node, root, turned, points_of(program, node), circle))
                for test in by_keys[name]:
                    add(name, test, test, Occurrence(ALWAYS, root, {"true": root, "unknown": root, "false": NEVER}, {}))
        self.unseen: list[tuple[str, str]] = []
        """Comparisons that keys decide inside a negation, a count or an exists: no case can show what they do."""
        for name in self.roots:
            for key, premise in _written(linked[name]):
                if key in occurrences[name]:
                    continue
                if isinstance(premise, Compare) and is_decided(program.linked, premise):
                    self.unseen.append((name, _told(linked[name], key, premise)[0]))
                else:
                    occurrences[name][key] = []
                    texts[name, key] = _told(linked[name], key, premise)
        self.all: tuple[Leaf, ...] = tuple(leaf for name, found in occurrences.items() for leaf in _named(name, found, texts))
        self.by_name: Mapping[tuple[str, str], Leaf] = {(one.rule, one.text): one for one in self.all}

    def candidates(self) -> Iterator[Goal]:
        """Every goal of these rules, whether or not a case can show it."""
        for name in self.roots:
            yield from (Goal(name, "", FIRES), Goal(name, "", SILENT))
        for leaf in self.all:
            yield from leaf.values()
            for value, against in permutations(BITS, 2):
                for turns in (FIRING, STANDING):
                    yield from leaf.goals(value, against, turns)

    @property
    def points(self) -> Iterator[Atom]:
        """The atoms beside thresholds, which a world must tell apart for cases to stand there."""
        return (atom for leaf in self.all for one in leaf.occurrences for point in one.points.values() for atom in point.atoms)

    def shown(self, evaluation: Evaluation, goals: Collection[Goal]) -> set[Goal]:
        """The goals that a case shows, according to the engine."""
        seen = _Seen(evaluation, self.circles)
        return {goal for goal in goals if self._shows(seen, goal)}

    def _shows(self, seen: _Seen, goal: Goal) -> bool:
        if not goal.leaf:
            fires = any(seen.bits(root) & ESTABLISHED for root in self.roots.get(goal.rule, ()))
            return fires is (goal.value == FIRES)
        leaf = self.by_name.get((goal.rule, goal.leaf))
        return leaf is not None and any(seen.shows(one, goal) for one in leaf.occurrences)


class _Seen:
    """The evaluation of one case; each node is evaluated once."""

    def __init__(self, evaluation: Evaluation, circles: Circles) -> None:
        self.evaluation = evaluation
        self._circles = circles
        self._known: dict[Node, int] = {}

    def bits(self, node: Node) -> int:
        if node not in self._known:
            self._known[node] = self.evaluation.node(node)
        return self._known[node]

    def shows(self, one: Occurrence, goal: Goal) -> bool:
        if value_of(self.bits(one.node)) != goal.value:
            return False
        if not goal.against:
            return True
        if goal.at:
            point = one.points.get(goal.at)
            if point is None or any(atom_bits(atom, self.evaluation.stated) != TRUE for atom in point.atoms):
                return False
        changed = self.bits(one.root) ^ self._turned(one, goal.against)
        return bool(changed & ESTABLISHED if goal.turns == FIRING else changed)

    def _turned(self, one: Occurrence, value: str) -> int:
        node = one.turned[value]
        if one.circle is None:
            return self.bits(node)
        if node not in self._known:
            self._known[node] = self._off.bits(node, one.circle)
        return self._known[node]

    @cached_property
    def _off(self) -> SwitchedOff:
        return SwitchedOff(self._circles, self.evaluation)


def value_of(bits: int) -> str:
    """The value of a leaf from its three bits. Something that holds by default is true."""
    return "true" if bits & ESTABLISHED else "unknown" if bits & POSSIBLE else "false"


# --- the nodes that are leaves --------------------------------------------------------------------------------------


def _leaf_nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if _is_leaf(node):
            if not _is_constant(node):
                yield node
        else:
            stack += reversed(members(node))


def _is_leaf(node: Node) -> bool:
    """Whether a node is one premise without nested premises, its pattern included.

    A node that joins the facts of a rule with its body also carries the body's premise; it is not a leaf.
    """
    inside = members(node)
    if not inside:
        return True
    origin = getattr(node, "origin", None)
    if isinstance(origin, Matches):
        return getattr(inside[0], "origin", None) is origin
    return isinstance(origin, Exists) and origin.body is None and isinstance(node, Some)


def _is_constant(node: Node) -> bool:
    return isinstance(node, Known) or (bool(members(node)) and all(map(_is_constant, members(node))))


def _known_as(program: Program, node: Node) -> tuple[object, Premise | None]:
    """The identity of a leaf, equal in every instance of its rule."""
    if isinstance(node, Fires):
        return program.instances[node.instance].rule.name, None
    origin = getattr(node, "origin", None)
    if isinstance(origin, Matches):
        return origin.variable, origin
    if isinstance(origin, Exists) and len(origin.variables) == 1:
        return origin.variables[0], origin
    return origin, origin


def _written(rule: LinkedRule) -> Iterator[tuple[object, Premise]]:
    """The leaves that the author wrote, by identity."""
    stack = [rule.body]
    while stack:
        node = stack.pop()
        stack += reversed(node.members if isinstance(node, AtLeast) else children(node))  # the members as linked, not as written
        match node:
            case Matches(variable=variable) | Exists(variables=(variable,), body=None):
                yield variable, node
            case Compare():
                yield node, node
            case _:
                pass


# --- the names of leaves ------------------------------------------------------------------------------------------------


class _ByParameter(Namer):
    """Shows the name of a parameter instead of its value, which may differ in another knowledge base."""

    def value(self, expression: Expression[object]) -> str:
        if isinstance(expression, Constant) and expression.parameter:
            return expression.parameter.partition(":")[2]
        return super().value(expression)


def _told(rule: LinkedRule, key: object, premise: Premise | None) -> tuple[str, bool]:
    """A leaf in the author's words, and whether the author wrote it."""
    if premise is None:
        return f"unless {key} fires", True
    names = _ByParameter(rule.variables)
    if isinstance(key, Variable):
        text = short_name(Exists((key,))) or (names(key) if key in rule.variables else f"exists({names.pattern(key)})")
        return text, key in dict(_written(rule))
    return render(premise, names), True


def _named(
    rule: str, found: Mapping[object, Sequence[Occurrence]], texts: Mapping[tuple[str, object], tuple[str, bool]]
) -> Iterator[Leaf]:
    taken: dict[str, int] = {}
    for key, occurrences in found.items():
        text, written = texts[rule, key]
        taken[text] = taken.get(text, 0) + 1
        yield Leaf(rule, text if taken[text] == 1 else f"{text} ({taken[text]})", written, tuple(occurrences))
