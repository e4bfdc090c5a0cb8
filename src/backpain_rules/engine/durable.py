"""An engine on durable-rules (extra `[durable]`): its network matches and chains what is positive.

What holds is asserted to it as a numbered leaf: a stated atom, a derived fact, and what only can be decided outside
(absence, counts, unknowns, overrides), stratum by stratum. Each rule instance is a rule there, and each of the three sets a
session of its own. Which of its features are safe to use, and its limits, were measured: facts are told apart by a 32-bit
hash, so one host holds one patient at a time; one fact is asserted at a time and never twice; every leaf meets a rule
that always fires, since a fact that no rule matches is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, Final

from ..errors import BeyondEngineError, EngineError, MissingExtraError
from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.evaluate import atom_bits
from ..ground.nodes import Derived, Every, Fires, Known, Node, Some, Stated
from ..ground.program import Program, reads
from ..ground.states import composed
from ..ground.strata import levels
from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE
from .case import read_case
from .outcome import Outcome

SETS: Final = {CERTAIN: "certain", ESTABLISHED: "established", POSSIBLE: "possible"}
MOST_RULES: Final = 4000
MOST_FACTS: Final = 15
MOST_SHARING: Final = 250
MOST_ALTERNATIVES: Final = 8
PAGE: Final = 200
"""Leaves are told apart by page and item, since no more than 511 tests can stand beside each other."""

Leaves = frozenset[int]


class Durable:
    """Runs one program. Cases take turns: the library below is not for several threads at a time.

    Raises `MissingExtraError` where durable-rules cannot be imported; the first case of a rule base beyond its limits raises
    `BeyondEngineError`. A case with closed facts that rules read has rules of its own, which durable-rules does not
    give back: prefer `native` where there are many.
    """

    def __init__(self, program: Program) -> None:
        self._new_host = _host_class()
        self.program = program
        self._turn = threading.Lock()
        self._matcher: _Matcher | None = None

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; raises a `FactError` when the facts are not a case."""
        case = read_case(self.program.linked, facts)
        once = tuple(case.values())
        program = with_closed(self.program, [fact for fact in once if not fact.schema_.is_open])
        with self._turn:
            if program is not self.program:
                matcher = _Matcher(program, self._new_host)
            else:
                matcher = self._matcher = self._matcher or _Matcher(program, self._new_host)
            bits = matcher.run(Outcome(program, once, ()))
        return Outcome(program, once, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits)


class _Matcher:
    """The rules of one program in one host."""

    def __init__(self, program: Program, new_host: Callable[[], Any]) -> None:
        self.program = program
        size = len(program.facts)
        self._fired, self._atoms = size, size + len(program.instances)
        self._always = self._atoms + len(program.atoms)
        self._next = self._always + 1
        self._outside: dict[Node, int] = {}
        self._levels = levels(program)
        self._heads: dict[str, tuple[int, ...]] = {}
        overriders = {number for instance in program.instances for number in instance.overriders}
        bodies: list[tuple[Leaves, tuple[int, ...]]] = []
        for number, instance in enumerate(program.instances):
            fired = (self._fired + number,) if number in overriders else ()
            for body in self._alternatives(instance.condition):
                bodies += self._short(body, (*instance.heads, *fired))
        self._host = new_host()
        self._found: list[int] = []
        self._register(bodies)

    def run(self, outcome: Outcome) -> dict[int, int]:
        """The bits of every proposition that is at least possible."""
        now = _Now(self.program, outcome)
        known: dict[int, set[int]] = {bit: set() for bit in SETS}
        try:
            for bit in SETS:
                stated = [self._atoms + atom for atom in range(len(self.program.atoms)) if now.atom(atom) & bit]
                self._tell(bit, [self._always, *stated], known, now)
            for level in range(max((at for _, at in self._levelled()), default=0) + 1):
                waiting = [node for node, at in self._levelled() if at <= level]
                grown = True
                while grown:
                    told = [(bit, self._outside[node]) for node in waiting for bit in SETS if now.bits(node) & bit]
                    fresh = [(bit, leaf) for bit, leaf in told if leaf not in known[bit]]
                    for bit, leaf in fresh:
                        self._tell(bit, [leaf], known, now)
                    grown = bool(fresh)
        finally:
            self._found.clear()
            for bit, name in SETS.items():
                if known[bit]:
                    self._host.delete_state("rules", name)
        return {number: bits for number in range(len(self.program.facts)) if (bits := now.of(number))}

    # --- one set ----------------------------------------------------------------------------------------------------

    def _tell(self, bit: int, leaves: Sequence[int], known: dict[int, set[int]], now: _Now) -> None:
        """Assert these leaves; durable-rules matches, chains, and says what it found."""
        for leaf in leaves:
            if leaf not in known[bit]:
                known[bit].add(leaf)
                self._known = known[bit]
                self._host.assert_fact("rules", _message(SETS[bit], leaf))
                trouble = self._host.get_state("rules", SETS[bit]).get("exception")
                if trouble:
                    raise EngineError(f"durable-rules failed in a rule: {trouble}")
                for found in self._found:
                    now.add(found, bit)
                self._found.clear()

    def _register(self, bodies: Sequence[tuple[Leaves, tuple[int, ...]]]) -> None:
        _refuse_beyond_limits(bodies)
        rules: dict[str, Any] = {"sink": {"all": [{"m": {"$ex": {"page": 1}}}], "run": lambda c: None}}
        for number, (body, heads) in enumerate(bodies):
            tests = [
                {f"m_{place}": {"$and": [{"page": leaf // PAGE}, {"item": leaf % PAGE}]}}
                for place, leaf in enumerate(sorted(body))
            ]
            rules[f"rule_{number}"] = {"all": tests, "run": self._action(heads)}
        try:
            self._host.register_rulesets({"rules": rules})
        except Exception as error:
            raise BeyondEngineError(
                f"durable-rules does not take these {len(bodies)} rules: {error}; use engine='native'"
            ) from error

    def _action(self, heads: tuple[int, ...]) -> Callable[[Any], None]:
        def conclude(closure: Any) -> None:
            for head in heads:
                if head not in self._known:
                    self._known.add(head)
                    self._found.append(head)
                    closure.assert_fact(_message(closure.s.sid, head))

        return conclude

    # --- rules ------------------------------------------------------------------------------------------------------

    def _alternatives(self, node: Node) -> tuple[Leaves, ...]:
        """The sets of leaves each of which makes a node hold; a node that is not so simple is a leaf of its own."""
        match node:
            case Stated(atom=atom):
                return (frozenset((self._atoms + atom,)),)
            case Derived(proposition=number):
                return (frozenset((number,)),)
            case Fires(instance=number):
                return (frozenset((self._fired + number,)),)
            case Known(bits=bits) if bits in (TRUE, FALSE):
                return (frozenset((self._always,)),) if bits == TRUE else ()
            case Some(of=of):
                found = tuple(dict.fromkeys(one for member in of for one in self._alternatives(member)))
                return found if len(found) <= MOST_ALTERNATIVES else (self._leaf(node),)
            case Every(of=of):
                parts = [self._alternatives(member) for member in of]
                if _size(parts) > MOST_ALTERNATIVES:
                    parts = [p if len(p) < 2 else (self._leaf(m),) for p, m in zip(parts, of, strict=True)]
                return tuple(dict.fromkeys(_product(parts)))
            case _:
                return (self._leaf(node),)

    def _leaf(self, node: Node) -> Leaves:
        if node not in self._outside:
            self._outside[node] = self._next
            self._next += 1
        return frozenset((self._outside[node],))

    def _short(self, body: Leaves, heads: tuple[int, ...]) -> Iterable[tuple[Leaves, tuple[int, ...]]]:
        """A rule with so few premises that durable-rules takes it, and those that lead to it."""
        rest = sorted(body)
        while len(rest) > MOST_FACTS:
            first, rest = rest[:MOST_FACTS], rest[MOST_FACTS:]
            yield frozenset(first), (self._next,)
            rest.append(self._next)
            self._next += 1
        yield frozenset(rest), heads

    def _levelled(self) -> list[tuple[Node, int]]:
        size = len(self.program.facts)
        levels = self._levels
        return [
            (node, max((levels[n if n >= 0 else size - 1 - n] + negated for n, negated in reads(node)), default=0))
            for node in self._outside
        ]


class _Now:
    """The bits so far: of each proposition, and then of each instance."""

    def __init__(self, program: Program, outcome: Outcome) -> None:
        self._size = len(program.facts)
        self._atoms = [atom_bits(atom, outcome.stated) for atom in program.atoms]
        self._bits = [FALSE] * (self._size + len(program.instances))

    def add(self, number: int, bit: int) -> None:
        """One more bit of a proposition, or of an instance by its number after those."""
        if number < len(self._bits):
            self._bits[number] |= bit

    def atom(self, number: int) -> int:
        return self._atoms[number]

    def of(self, number: int) -> int:
        return self._bits[number]

    def bits(self, node: Node) -> int:
        return composed(node, self._leaf)

    def _leaf(self, node: Node) -> int:
        match node:
            case Stated(atom=atom):
                return self._atoms[atom]
            case Derived(proposition=number):
                return self._bits[number]
            case Fires(instance=number):
                return self._bits[self._size + number]
            case _:
                raise AssertionError(f"{node} is composed of others")


def _message(sid: str, leaf: int) -> dict[str, Any]:
    return {"sid": sid, "id": leaf, "page": leaf // PAGE, "item": leaf % PAGE}


def _refuse_beyond_limits(bodies: Sequence[tuple[Leaves, tuple[int, ...]]]) -> None:
    sharing: dict[int, int] = {}
    for body, _ in bodies:
        for leaf in body:
            sharing[leaf] = sharing.get(leaf, 0) + 1
    most = max(sharing.values(), default=0)
    for what, count, limit in (("rules", len(bodies), MOST_RULES), ("rules that share one premise", most, MOST_SHARING)):
        if count > limit:
            raise BeyondEngineError(
                f"this rule base is beyond durable-rules: {count} {what}, and it takes {limit}; use engine='native'",
                engine="durable", count=count, limit=limit,
            )  # fmt: skip


def _size(parts: Sequence[tuple[Leaves, ...]]) -> int:
    size = 1
    for part in parts:
        size *= len(part)
    return size


def _product(parts: Sequence[tuple[Leaves, ...]]) -> list[Leaves]:
    return [frozenset().union(*choice) for choice in product(*parts)]


def _host_class() -> Callable[[], Any]:
    try:
        from durable import engine
    except ImportError as error:
        raise MissingExtraError(
            f"engine 'durable' needs durable-rules, which cannot be imported ({error}): pip install 'backpain-rules[durable]'. "
            "It is compiled, with a C compiler, and has no release for Python 3.13 or newer; engine='native' needs nothing",
            extra="durable", missing="durable-rules",
        ) from None  # fmt: skip

    class Host(engine.Host):  # type: ignore[misc]
        """A host that starts no thread."""

        def _run(self) -> None:
            pass

    return Host
