"""The three bits of premises, rule instances and conclusions as literals, over what can be said of a patient.

Every literal is a function of what is said, exactly as the engine computes it: where conclusions rest on each other in
a circle, the rounds of the least fixpoint are written out, as many as it can need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated, members
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, NOT_ESTABLISHED, POSSIBLE, REFUTED
from .clauses import FALSE, TRUE
from .world import World

Bit = int


class Encoding:
    """The literals of one program over a world.

    `without` are instances that are taken never to fire; `given` are literals (true, known to be false) for some atoms by
    number, to be read in place of what the world says of them. A bit is `CERTAIN`, `ESTABLISHED` or `POSSIBLE` of `ir.bits`.
    Literals are made when they are first asked for.
    """

    def __init__(
        self,
        world: World,
        program: Program,
        *,
        without: Iterable[int] = (),
        given: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        self.world = world
        self.clauses = world.clauses
        self.program = program
        self._size = len(program.facts)
        self._without = frozenset(without)
        self._given = given or {}
        self._known: dict[tuple[int, Bit], int] = {}

    def proposition(self, number: int, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of a derived fact."""
        return self._settled(number, bit)

    def instance(self, number: int, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of a rule instance: that it fires, overrides considered."""
        return self._settled(self._size + number, bit)

    def node(self, node: Node, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of any node of the program."""
        self._settle(self._read(node, bit))
        return self._node(node, bit)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _settled(self, number: int, bit: Bit) -> int:
        if (number, bit) not in self._known:
            self._settle(((number, bit),))
        return self._known[number, bit]

    def _settle(self, wanted: Iterable[tuple[int, Bit]]) -> None:
        """Encode these (propositions, then instances by their number after them) and all they depend on."""
        needed: set[tuple[int, Bit]] = set()
        stack = [one for one in wanted if one not in self._known]
        while stack:
            here = stack.pop()
            if here not in needed:
                needed.add(here)
                stack += [one for one in self._depends(*here) if one not in self._known and one not in needed]
        groups: dict[int, list[tuple[int, Bit]]] = {}
        for number, bit in needed:
            groups.setdefault(self.program.component[number], []).append((number, bit))
        for _, group in sorted(groups.items()):
            self.clauses.deadline.poll()
            self._least_fixpoint(sorted(group))

    def _least_fixpoint(self, group: list[tuple[int, Bit]]) -> None:
        """One component: nothing holds at first, then round by round what follows, until nothing new can."""
        if len(group) == 1:
            [one] = group
            self._known[one] = self._compute(*one)
            return
        try:
            self._rounds(group)
        except BaseException:  # an interrupt, or no time left: what is known so far is not the fixpoint
            for one in group:
                self._known.pop(one, None)
            raise

    def _rounds(self, group: list[tuple[int, Bit]]) -> None:
        self._known.update(dict.fromkeys(group, FALSE))
        propositions = [one for one in group if one[0] < self._size]
        instances = [one for one in group if one[0] >= self._size]
        for _ in range(len(propositions) + 1):
            self.clauses.deadline.poll()
            self._known.update({one: self._compute(*one) for one in instances})
            now = {one: self._compute(*one) for one in propositions}
            if all(self._known[one] == literal for one, literal in now.items()):
                break
            self._known.update(now)

    def _depends(self, number: int, bit: Bit) -> Iterator[tuple[int, Bit]]:
        if number < self._size:
            for producer in self.program.producers[number]:
                yield self._size + producer, bit
        elif number - self._size not in self._without:
            instance = self.program.instances[number - self._size]
            yield from self._read(instance.body, bit)
            for overrider in instance.overriders:
                yield self._size + overrider, NOT_ESTABLISHED[bit]

    def _read(self, node: Node, bit: Bit) -> Iterator[tuple[int, Bit]]:
        """The bits of propositions and instances that one bit of a node depends on."""
        stack = [(node, bit)]
        while stack:
            here, bit = stack.pop()
            match here:
                case Derived(proposition=number):
                    yield number, bit
                case Fires(instance=number):
                    yield self._size + number, bit
                case Flip(how="not", of=member):
                    stack.append((member, REFUTED[bit]))
                case Flip(how="unless", of=member):
                    stack.append((member, NOT_ESTABLISHED[bit]))
                case Flip(how="is_unknown", of=member):
                    if bit != CERTAIN:
                        stack += [(member, POSSIBLE), (member, NOT_ESTABLISHED[bit])]
                case Flip(how="is_known", of=member):
                    stack += [(member, bit), (member, REFUTED[bit])]
                case _:
                    stack += [(member, bit) for member in members(here)]

    def _compute(self, number: int, bit: Bit) -> int:
        if number < self._size:
            return self.clauses.some([self._known[self._size + i, bit] for i in self.program.producers[number]])
        if number - self._size in self._without:
            return FALSE
        instance = self.program.instances[number - self._size]
        silent = [-self._known[self._size + i, NOT_ESTABLISHED[bit]] for i in instance.overriders]
        return self.clauses.every([self._node(instance.body, bit), *silent])

    def _node(self, node: Node, bit: Bit) -> int:
        match node:
            case Known(bits=bits):
                return TRUE if bits & bit else FALSE
            case Stated(atom=number):
                true, false = self._given.get(number) or self.world.atom(self.program.atoms[number])
                return -false if bit == POSSIBLE else true
            case Derived(proposition=number):
                return self._known[number, bit]
            case Fires(instance=number):
                return self._known[self._size + number, bit]
            case Every(of=of):
                return self.clauses.every([self._node(member, bit) for member in of])
            case Some(of=of):
                return self.clauses.some([self._node(member, bit) for member in of])
            case Count(threshold=threshold, of=pairs):
                return self.clauses.count(threshold, [(points, self._node(member, bit)) for points, member in pairs])
            case Flip(how="not", of=member):
                return -self._node(member, REFUTED[bit])
            case Flip(how="unless", of=member):
                return -self._node(member, NOT_ESTABLISHED[bit])
            case Flip(how="is_unknown", of=member):
                if bit == CERTAIN:
                    return FALSE
                return self.clauses.every((self._node(member, POSSIBLE), -self._node(member, NOT_ESTABLISHED[bit])))
            case Flip(of=member):
                return self.clauses.some((self._node(member, bit), -self._node(member, REFUTED[bit])))
