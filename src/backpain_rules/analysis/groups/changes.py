"""Changes of rules as a value. Apply them to a linked rule base to try them, and to packs to keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ...errors import PremiseError
from ...ir.expressions import Premise
from ...ir.premises import AllOf, Exists, IsUnknown, Not, Unless
from ...ir.render import render
from ...ir.walk import walk
from ...link.model import Linked, LinkedRule, Override
from ...pack import Pack
from ...rule import Rule


class Narrowing(NamedTuple):
    """Add to `rule` the premise that the premise of `other` is known to be false."""

    rule: str
    other: str


@dataclass(frozen=True)
class Changes:
    """Overrides to add, premises to narrow, and rules to remove. Rules have full names ("pack:rule")."""

    overrides: tuple[Override, ...] = ()
    narrowed: tuple[Narrowing, ...] = ()
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.overrides or self.narrowed or self.left_out)

    def plus(self, other: Changes) -> Changes:
        """Both changes together, except for changes of removed rules."""
        gone = dict.fromkeys((*self.left_out, *other.left_out))
        overrides = dict.fromkeys((*self.overrides, *other.overrides))
        narrowed = dict.fromkeys((*self.narrowed, *other.narrowed))
        return Changes(
            tuple(one for one in overrides if one.by not in gone and one.target not in gone),
            tuple(one for one in narrowed if one.rule not in gone and one.other not in gone),
            tuple(gone),
        )

    def without(self, rules: Iterable[str]) -> Changes:
        """The same changes, and remove these rules."""
        return self.plus(Changes(left_out=tuple(sorted(rules))))

    @property
    def lines(self) -> tuple[str, ...]:
        """The changes in words, rule by rule."""
        targets: dict[str, list[str]] = {}
        for one in self.overrides:
            targets.setdefault(one.by, []).append(one.target)
        premises: dict[str, list[str]] = {}
        for narrowing in self.narrowed:
            premises.setdefault(narrowing.rule, []).append(narrowing.other)
        return (
            *(f"rule {by}: overrides={sorted(those)!r}".replace("'", '"') for by, those in sorted(targets.items())),
            *(
                f"rule {rule}: add to its premise {', '.join(f'not_(the premise of {other})' for other in sorted(others))}"
                for rule, others in sorted(premises.items())
            ),
            *(f"rule {rule}: leave it out" for rule in self.left_out),
        )

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "overrides": [{"by": one.by, "target": one.target} for one in self.overrides],
            "narrowed": [one._asdict() for one in self.narrowed],
            "left_out": list(self.left_out),
        }


# --- on a linked rule base --------------------------------------------------------------------------------------------


def changed(linked: Linked, changes: Changes) -> Linked:
    """The rule base after these changes. Raises `PremiseError` for a premise that cannot be negated."""
    by_target: dict[str, list[str]] = {}
    for one in changes.overrides:
        by_target.setdefault(one.target, []).append(one.by)
    by_name = {rule.name: rule for rule in linked.rules}
    narrowing: dict[str, list[LinkedRule]] = {}
    for narrowed in changes.narrowed:
        narrowing.setdefault(narrowed.rule, []).append(by_name[narrowed.other])
    rules = (
        _changed(rule, by_target.get(rule.name, ()), narrowing.get(rule.name, ()), changes.left_out)
        for rule in linked.rules
        if rule.name not in changes.left_out
    )
    return replace(linked, rules=tuple(rules))


def _changed(rule: LinkedRule, by: Sequence[str], narrowing: Sequence[LinkedRule], gone: Sequence[str]) -> LinkedRule:
    overridden = tuple(sorted({*rule.overridden_by, *by} - {*gone}))
    patterns = {name: those for name, those in rule.patterns.items() if name in overridden and name not in by}
    if not narrowing and overridden == rule.overridden_by and len(patterns) == len(rule.patterns):
        return rule
    body = AllOf((rule.body, *(_refuted(rule, other) for other in narrowing))) if narrowing else rule.body
    return replace(rule, body=body, overridden_by=overridden, patterns=patterns)


def _refuted(rule: LinkedRule, other: LinkedRule) -> Premise:
    """The premise that the other premise is known to be false. A variable that both rules share stays one fact."""
    _refuse_defaults(other.body)
    own = tuple(variable for variable in other.variables if variable not in rule.variables)
    return Not(Exists(own, other.body) if own else other.body)


def _refuse_defaults(premise: Premise) -> None:
    for node in walk(premise):
        if isinstance(node, Unless | IsUnknown):
            raise PremiseError(f"{render(node)} cannot stand under a negation")


# --- on packs ---------------------------------------------------------------------------------------------------------


def revised(packs: Iterable[Pack], changes: Changes) -> tuple[Pack, ...]:
    """The packs after these changes. Removing a rule also removes the rules it replaces."""
    packs = tuple(packs)
    names = {rule: f"{pack.id}:{rule.id}" for pack in packs for rule in pack.rules}
    rules = {name: rule for rule, name in names.items()}
    gone = {*changes.left_out}
    for name in changes.left_out:
        while name in rules and (target := rules[name].replaces) is not None:
            name = _name(target, names, name)
            gone.add(name)
    made = {name: _revised(name, rule, changes, names, rules, gone) for name, rule in rules.items() if name not in gone}
    return tuple(
        _pack(pack, [made[names[rule]] for rule in pack.rules if names[rule] in made], gone)
        if any(made.get(names[rule]) is not rule for rule in pack.rules)
        else pack
        for pack in packs
    )


def _pack(pack: Pack, rules: Sequence[Rule], gone: set[str]) -> Pack:
    accepts = [one for one in pack.accepts if not any((t if ":" in t else f"{pack.id}:{t}") in gone for t in one.targets)]
    new = replace(pack, rules=rules, accepts=accepts)
    object.__setattr__(new, "written", pack.written)
    return new


def _revised(
    name: str, rule: Rule, changes: Changes, names: Mapping[Rule, str], rules: Mapping[str, Rule], gone: set[str]
) -> Rule:
    more = [one.target for one in changes.overrides if one.by == name]
    others = [rules[one.other] for one in changes.narrowed if one.rule == name]
    own = [_name(target, names, name) if isinstance(target, (Rule, str)) else target for target in rule.targets]
    targets = [target for target in own if target not in gone] if gone else own
    refers = isinstance(rule.replaces, Rule) or any(isinstance(target, Rule) for target in rule.targets)
    if not (more or others or refers or len(targets) < len(own)):
        return rule
    for other in others:
        _refuse_defaults(other.premise)
    when = AllOf((rule.premise, *(Not(other.premise) for other in others))) if others else rule.premise
    replaces = None if rule.replaces is None else _name(rule.replaces, names, name)
    new = replace(rule, when=when, overrides=[*targets, *more], replaces=replaces)
    object.__setattr__(new, "written", rule.written)
    return new


def _name(target: Rule | str, names: Mapping[Rule, str], by: str) -> str:
    """The full name of a rule to which the rule `by` refers."""
    if isinstance(target, Rule):
        return names[target]
    return target if ":" in target else f"{by.partition(':')[0]}:{target}"
