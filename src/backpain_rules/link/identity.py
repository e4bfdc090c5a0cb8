"""Which packs a rule base was made of, by content: the same id and version with another rule is another pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..ir.conclusions import Conclusion, Phrase, spoken
from ..ir.expressions import Expression, Named
from ..ir.premises import Exists
from ..ir.render import Namer, render
from ..ir.serialize import premise_to_data
from ..pack import Pack
from ..rule import Rule
from .model import Linked


class PackIdentity(NamedTuple):
    """A pack as a saved session names it; `content` is the SHA-256 of everything in it that decides what follows."""

    id: str
    version: str
    content: str


@lru_cache(maxsize=16)  # a pure function of what never changes; an interview is saved under it with each answer
def identity(linked: Linked) -> tuple[PackIdentity, ...]:
    """The identities of the packs of a rule base, by id."""
    return tuple(sorted(PackIdentity(pack.id, pack.version, _hash(pack)) for pack in linked.packs))


def parameter_values(linked: Linked) -> dict[str, str]:
    """The values of the parameters, in words, by qualified name."""
    return {name: spoken(value) for name, (_, value) in linked.parameters.items()}


def _hash(pack: Pack) -> str:
    text = json.dumps(list(_content(pack)), sort_keys=True, ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(pack: Pack) -> Iterator[Any]:
    for rule in sorted(pack.rules, key=lambda rule: rule.id):
        names = Namer()
        render(rule.premise, names)
        concluded = [[template.kind.tag(), _values(template.fields, names)] for template in rule.conclusions]
        yield (
            "rule",
            rule.id,
            premise_to_data(rule.premise),
            concluded,
            [_target(t) for t in rule.targets],
            _target(rule.replaces),
        )
    for constraint in sorted(pack.constraints, key=lambda constraint: constraint.id):
        yield "constraint", constraint.id, premise_to_data(constraint.premise)
    for extension in pack.extends:
        target = extension.target if isinstance(extension.target, str) else extension.target.id
        yield "extends", target, [premise_to_data(member) for member in extension.members]
    for signs in sorted(pack.sign_sets, key=lambda signs: signs.id):
        yield "sign set", signs.id, [premise_to_data(member) for member in signs.members]
    for number in sorted(pack.parameters, key=lambda number: number.id):
        yield "parameter", number.id, spoken(number.default), spoken(number.ge), spoken(number.le)
    yield "terms", sorted((term.vocabulary, term.id) for term in pack.terms), sorted(pack.requires)


def _values(fields: Mapping[str, object], names: Namer) -> dict[str, str]:
    """What a conclusion says, field by field."""
    return {name: _value(value, names) for name, value in fields.items() if value is not None}


def _value(value: object, names: Namer) -> str:
    if isinstance(value, Phrase):
        return value.text
    if isinstance(value, Expression):
        return names.value(value)
    return value.id if isinstance(value, Named) else str(value)


def _target(target: Any) -> str | None:
    if target is None or isinstance(target, str):
        return target
    if isinstance(target, (Rule, type)):
        return target.id if isinstance(target, Rule) else target.__name__
    if isinstance(target, Conclusion):
        said = {name: value for name, value in target.fields.items() if name in target.said}
        return f"{target.kind.tag()} {sorted(_values(said, Namer()).items())}"
    return json.dumps(premise_to_data(Exists((target,))), sort_keys=True, ensure_ascii=False, default=repr)
