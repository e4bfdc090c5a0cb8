"""Packs put together into one rule base: every name resolved, every act on another pack carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from ..errors import DefinitionError, PackError, ParameterError, PremiseError, RuleBaseError, UnknownTargetError, did_you_mean
from ..facts.base import Fact
from ..facts.types import DERIVED, STATED, InterventionKind, KnownCondition, Recommendation
from ..ir.conclusions import Conclusion, Phrase, conclude
from ..ir.expressions import Arith, Constant, Named, Parameter, Premise, Ref, Variable
from ..ir.premises import SignSet
from ..ir.quantities import Quantity, linear
from ..pack import Pack
from ..rule import Constraint, Rule
from ..terms import InterventionTerm
from .answers import Words
from .counts import Warn
from .declared import Declared, declared, in_order, known_conditions
from .model import Linked, LinkedConstraint, LinkedExtension, LinkedPartition, LinkedRule, Pattern, Template
from .resolve import Resolver
from .scope import bind, closed
from .words import check_words
from .written import with_line


def link(packs: Iterable[Pack], parameters: Mapping[Any, object]) -> Linked:
    """The rule base of these packs with these parameter values ("pack:id" or the parameter itself to its value).

    Raises a `RuleBaseError` or a `PackError` that names the pack and the rule at fault.
    """
    packs = tuple(packs)
    try:
        return _Linker(in_order(packs), parameters).link()
    except (RuleBaseError, PackError) as error:
        raise with_line(error, packs) from None


class _Linker:
    def __init__(self, packs: tuple[Pack, ...], parameters: Mapping[Any, object]) -> None:
        self.packs = packs
        self.declared: Declared = declared(packs)
        self.values = _parameter_values(self.declared, parameters)
        self.extensions = self._extensions()
        self.rules: dict[str, tuple[Pack, Rule]] = {f"{p.id}:{r.id}": (p, r) for p in packs for r in p.rules}
        self.rules |= self._known()
        self.names: dict[Rule, str] = {rule: name for name, (_, rule) in self.rules.items()}
        self.warnings: list[str] = []
        self._quantities: dict[Quantity, Quantity] = {}
        concluded = {template.kind for pack in packs for rule in pack.rules for template in rule.conclusions}
        self._resolver = Resolver(self._constant, self._members, self._quantity, self._check_ids)
        self._words = Words(self._ids, (*DERIVED, *concluded))
        check_words(packs, self.declared.terms)

    def link(self) -> Linked:
        for quantity in self.declared.quantities:
            self._quantity(quantity)
        replaced = self._replacements()
        standing = {name: entry for name, entry in sorted(self.rules.items()) if name not in replaced}
        named = self._named(standing, replaced)
        patterns = {name: covering for name, (_, rule) in standing.items() if (covering := self._patterns(name, rule))}
        replaces = {replacement: target for target, replacement in replaced.items()}
        linked = [self._rule(name, pack, rule, replaces.get(name)) for name, (pack, rule) in standing.items()]
        rules = tuple(self._overridden(rule, named.get(rule.name, ()), patterns) for rule in linked)
        concluded = (*DERIVED, *(template.kind for rule in rules for template in rule.templates))
        made_from = frozenset(kind for kind in self.declared.fact_types.values() if issubclass(kind, concluded))
        constraints = tuple(sorted((c for pack in self.packs for c in self._constraints(pack)), key=lambda c: c.name))
        self._check_acceptances()
        return Linked(
            packs=self.packs,
            fact_types=dict(sorted(self.declared.fact_types.items())),
            derived_types=made_from.union(concluded),
            terms=self.declared.terms,
            owners=self.declared.owners,
            parameters={
                name: (number, self.values[number])
                for number, name in sorted(self.declared.parameters.items(), key=lambda entry: entry[1])
            },
            quantities={one.id: self._quantities[one] for one in sorted(self._quantities, key=lambda one: one.id)},
            sign_sets={name: signs for signs, name in sorted(self.declared.sign_sets.items(), key=lambda entry: entry[1])},
            rules=rules,
            constraints=constraints,
            partitions=tuple(sorted((p for pack in self.packs for p in self._partitions(pack)), key=lambda p: p.name)),
            extensions=tuple(e for listed in self.extensions.values() for e in listed),
            warnings=tuple(sorted(set(self.warnings))),
        )

    def _known(self) -> dict[str, tuple[Pack, Rule]]:
        """For each condition with `known=True` the rule by which its diagnosis is a finding, in the pack that has the term."""
        packs = {pack.id: pack for pack in self.packs}
        found: dict[str, tuple[Pack, Rule]] = {}
        for term in known_conditions(self.declared.terms):
            pack = packs[self.declared.owners[term.vocabulary, term.id]]
            rule = Rule(f"known-{term.id}", when=term.diagnosed, then=conclude(KnownCondition, condition=term))
            object.__setattr__(rule, "written", pack.written)  # no line of its own
            name = f"{pack.id}:{rule.id}"
            if name in self.rules:
                raise DefinitionError(
                    f"rule {name} has the name of the rule that {term.id!r} gets by known=True; rename it, or leave known out",
                    pack=pack.id, rule=name,
                )  # fmt: skip
            found[name] = pack, rule
        return found

    # --- acts on other packs ---------------------------------------------------------------------------------------

    def _extensions(self) -> dict[SignSet, list[LinkedExtension]]:
        found: dict[SignSet, list[LinkedExtension]] = {}
        by_name = {name: signs for signs, name in self.declared.sign_sets.items()}
        for pack in self.packs:
            for extension in pack.extends:
                target = extension.target
                signs = target if isinstance(target, SignSet) else by_name.get(target)
                if signs is None or signs not in self.declared.sign_sets:
                    name = target.id if isinstance(target, SignSet) else target
                    raise UnknownTargetError(
                        f"pack {pack.id!r} extends sign set {name!r}, which no loaded pack has{did_you_mean(name, by_name)}",
                        pack=pack.id, target=name,
                    )  # fmt: skip
                name = self.declared.sign_sets[signs]
                found.setdefault(signs, []).append(LinkedExtension(pack.id, name, extension))
        return {signs: sorted(found[signs], key=lambda e: e.pack) for signs in sorted(found, key=lambda s: s.id)}

    def _check_acceptances(self) -> None:
        """What a pack accepts must be there, unless it is of a pack that is not loaded: `check` needs it only with that pack."""
        loaded = {pack.id for pack in self.packs}
        known = {*self.rules, *self.declared.parameters.values()}
        known |= {f"{pack.id}:{constraint.id}" for pack in self.packs for constraint in pack.constraints}
        known |= {f"{pack.id}:{one.id}" for pack in self.packs for one in pack.partitions}
        known |= {f"{owner}:{id}" for (_, id), owner in self.declared.owners.items()}
        for pack in self.packs:
            for acceptance in pack.accepts:
                for target in acceptance.targets:
                    name = target if ":" in target else f"{pack.id}:{target}"
                    if name not in known and name.partition(":")[0] in loaded:
                        raise UnknownTargetError(
                            f"pack {pack.id!r} accepts {acceptance.code} of {target!r}, which no loaded pack has"
                            f"{did_you_mean(name, known)}",
                            pack=pack.id, target=target,
                        )  # fmt: skip

    def _replacements(self) -> dict[str, str]:
        """The name of each replaced rule, with the name of the rule that stands for it."""
        replaced: dict[str, str] = {}
        for name, (pack, rule) in sorted(self.rules.items()):
            if rule.replaces is None:
                continue
            target = self._target(pack, rule, rule.replaces, "replaces")
            if target in replaced:
                raise DefinitionError(
                    f"rules {replaced[target]} and {name} both replace {target}", rules=(replaced[target], name)
                )
            if target == name:
                raise DefinitionError(f"rule {name} replaces itself", rule=name)
            replaced[target] = name
        for target in replaced:
            seen = [target]
            while seen[-1] in replaced:
                seen.append(replaced[seen[-1]])
                if seen.count(seen[-1]) > 1:
                    raise DefinitionError(f"these rules replace each other in a circle: {' -> '.join(seen)}", rules=tuple(seen))
        return replaced

    def _target(self, pack: Pack, rule: Rule, target: Rule | str, act: str) -> str:
        if isinstance(target, Rule):
            name = self.names.get(target)
            if name is None:
                raise UnknownTargetError(
                    f"rule {pack.id}:{rule.id} {act} rule {target.id!r}, which is in no loaded pack",
                    rule=rule.id,
                    target=target.id,
                )
            return name
        name = target if ":" in target else f"{pack.id}:{target}"
        if name not in self.rules:
            raise UnknownTargetError(
                f"rule {pack.id}:{rule.id} {act} {target!r}, which no loaded pack has{did_you_mean(name, self.rules)}",
                rule=f"{pack.id}:{rule.id}", target=target,
            )  # fmt: skip
        return name

    def _named(self, standing: Mapping[str, tuple[Pack, Rule]], replaced: Mapping[str, str]) -> dict[str, set[str]]:
        """For each rule the names of the rules that override it by its name."""
        found: dict[str, set[str]] = {}
        for name, (pack, rule) in standing.items():
            for target in rule.targets:
                if isinstance(target, (Rule, str)):
                    hit = self._target(pack, rule, target, "overrides")
                    while hit in replaced:
                        hit = replaced[hit]
                    if hit == name:
                        raise DefinitionError(f"rule {name} overrides itself", rule=name)
                    found.setdefault(hit, set()).add(name)
        return found

    def _overridden(self, rule: LinkedRule, named: Collection[str], patterns: Mapping[str, Sequence[Pattern]]) -> LinkedRule:
        """The rule with what takes back all of it, by its name, and what takes back some of its conclusions."""
        some = {
            name: hits
            for name, covering in patterns.items()
            if name != rule.name and name not in named
            if (hits := tuple(p for p in covering if any(p.may_cover(t) for t in rule.templates)))
        }
        if not (named or some):
            return rule
        return replace(rule, overridden_by=tuple(sorted((*named, *some))), patterns=some)

    def _patterns(self, name: str, rule: Rule) -> tuple[Pattern, ...]:
        """What a rule takes back by naming conclusions: a fact type, a template or a pattern."""
        return tuple(self._pattern(name, target) for target in rule.targets if not isinstance(target, (Rule, str)))

    def _pattern(self, name: str, target: object) -> Pattern:
        if isinstance(target, type) and issubclass(target, Fact):
            return Pattern(target, {})
        if isinstance(target, Variable):
            kind, where = target._kind, dict[str, object](target._where)
        elif isinstance(target, Conclusion):
            kind, where = target.kind, {field: target.fields[field] for field in target.said}
        else:
            raise DefinitionError(f"rule {name}: overrides={target!r}: name a rule, a fact type or a conclusion", rule=name)
        for field, value in where.items():
            if isinstance(value, Ref | Arith):
                raise DefinitionError(
                    f"rule {name}: overrides={kind.__name__}({field}={value.shown}): give a constant or a parameter, or leave "
                    f"{field} out; of instances that both have a {field}, only those that agree on it override each other",
                    rule=name, field=field,
                )  # fmt: skip
        return Pattern(kind, {field: self._filled(value) for field, value in where.items()})

    # --- one rule, one constraint -----------------------------------------------------------------------------------

    def _rule(self, name: str, pack: Pack, rule: Rule, replaces: str | None) -> LinkedRule:
        try:
            variables, body = bind(self._resolver.premise(rule.premise), self._warner(name), self._words)
            templates = tuple([self._template(template, variables) for template in rule.conclusions])
        except RuleBaseError as error:
            raise error.at(f"rule {name}", rule=name, pack=pack.id) from None
        return LinkedRule(name, pack.id, rule, variables, body, templates, (), {}, replaces)

    def _constraints(self, pack: Pack) -> Iterable[LinkedConstraint]:
        return (self._constraint(pack, "constraint", constraint) for constraint in pack.constraints)

    def _partitions(self, pack: Pack) -> Iterable[LinkedPartition]:
        for one in pack.partitions:
            gap, *overlaps = (
                self._constraint(pack, "partition", Constraint(one.id, premise=premise, source=one.source, written=one.written))
                for premise in (one.gap, *one.overlaps)
            )
            yield LinkedPartition(gap.name, pack.id, one, gap, tuple(overlaps))

    def _constraint(self, pack: Pack, what: str, constraint: Constraint) -> LinkedConstraint:
        name = f"{pack.id}:{constraint.id}"
        try:
            variables, body = bind(self._resolver.premise(constraint.premise), self._warner(name), self._words)
        except RuleBaseError as error:
            raise error.at(f"{what} {name}", pack=pack.id, **{what: name}) from None
        return LinkedConstraint(name, pack.id, constraint, variables, body)

    def _quantity(self, one: Quantity) -> Quantity:
        """A quantity as it stands in this knowledge base, made ready once."""
        if one not in self._quantities:
            pack = self.declared.quantities[one]
            try:
                of = closed(self._resolver.number(one.of), self._warner(f"{pack}:{one.id}"), self._words)
                linear(of)
            except RuleBaseError as error:
                raise error.at(f"quantity {pack}:{one.id}", quantity=one.id, pack=pack) from None
            self._quantities[one] = Quantity(one.id, one.label, of, one.unit)
        return self._quantities[one]

    def _ids(self, vocabulary: str) -> list[str]:
        return sorted(id for words, id in self.declared.terms if words == vocabulary)

    def _warner(self, name: str) -> Warn:
        return lambda text: self.warnings.append(f"{name}: {text}")

    def _constant(self, number: Parameter[Any]) -> Constant[Any]:
        return Constant(self.values[number], self.declared.parameters[number])

    def _members(self, signs: SignSet) -> tuple[Premise, ...]:
        return (*signs.members, *(m for e in self.extensions.get(signs, ()) for m in e.extension.members))

    def _template(self, template: Conclusion[Any], variables: tuple[Variable, ...]) -> Template:
        constants: dict[str, object] = {}
        copied: dict[str, Ref[Any]] = {}
        if template.kind in STATED:
            raise PremiseError(
                f"{template.kind.__name__} is stated by the caller, no rule can conclude it", fact_type=template.kind.tag()
            )
        for field, value in template.fields.items():
            if isinstance(value, Ref):
                ref = self._resolver.value(value)
                assert isinstance(ref, Ref)
                if ref.variable not in variables:
                    raise PremiseError(
                        f"{template.kind.__name__}.{field} = {ref.shown} copies from a fact that is not bound for the whole "
                        "rule: let it occur outside every negation and count, and in every branch of an any_of"
                    )
                copied[field] = ref
            else:
                constants[field] = self._constant_field(template.kind, field, value)
        if not issubclass(template.kind, Recommendation):
            return Template(template.kind, constants, copied)
        return self._recommendation(template, constants, copied)

    def _recommendation(self, template: Conclusion[Any], constants: dict[str, object], copied: dict[str, Ref[Any]]) -> Template:
        """A template that has the kind of its intervention, or looks it up where it copies the intervention."""
        kinds = self._kinds
        said, done = constants.pop("kind"), constants.get("intervention")
        if "kind" in template.said and ("intervention" in copied or said != kinds.get(str(done))):
            its = "the kind of the one it copies" if done is None else repr(kinds.get(str(done)))
            raise PremiseError(
                f"{template.kind.__name__}.kind = {said!r}: a recommendation has the kind that its intervention is declared "
                f"with, here {its}; leave kind out",
                fact_type=template.kind.tag(), field="kind", value=said,
            )  # fmt: skip
        if "intervention" in copied:
            return Template(template.kind, constants, copied, kinds)
        return Template(template.kind, {**constants, "kind": kinds[str(done)]}, copied)

    @cached_property
    def _kinds(self) -> Mapping[str, InterventionKind]:
        """The kind of each declared intervention."""
        return {term.id: term.kind for term in self.declared.terms.values() if isinstance(term, InterventionTerm)}

    def _constant_field(self, kind: type[Fact], field: str, value: object) -> object:
        plain = self._filled(value)
        if not isinstance(value, Phrase | Parameter):
            self._check_id(kind, field, plain)
        return plain

    def _filled(self, value: object) -> object:
        """A value as it stands in a conclusion, with its parameters filled in."""
        match value:
            case Phrase(parameters=parameters):
                return value.filled({p.id: self.values[p] for p in parameters})
            case Parameter():
                return self.values[value]
            case Constant(value=constant):
                return constant
            case Named(id=id):
                return id
            case _:
                return value

    def _check_ids(self, variable: Variable) -> None:
        for field, value in variable._where.items():
            vocabulary = variable._kind.schema_.fields[field].vocabulary
            if vocabulary and isinstance(value, Constant) and (vocabulary, value.value) not in self.declared.terms:
                self._check_id(variable._kind, field, value.value)

    def _check_id(self, kind: type[Fact], field: str, value: object) -> None:
        vocabulary = kind.schema_.fields[field].vocabulary
        if vocabulary is None or value is None or (vocabulary, value) in self.declared.terms:
            return
        known = [id for words, id in self.declared.terms if words == vocabulary]
        known += [id for id in self._concluded(kind, field) if id != value]
        raise UnknownTargetError(
            f"{kind.__name__}.{field}: no loaded pack declares {vocabulary} {value!r}{did_you_mean(str(value), known)}",
            id=value, vocabulary=vocabulary,
        )  # fmt: skip

    def _concluded(self, kind: type[Fact], field: str) -> set[str]:
        templates = (t for pack in self.packs for rule in pack.rules for t in rule.conclusions if issubclass(t.kind, kind))
        return {value for t in templates if isinstance(value := t.fields.get(field), str)}


def _parameter_values(known: Declared, given: Mapping[Any, object]) -> dict[Parameter[Any], object]:
    by_name = {name: number for number, name in known.parameters.items()}
    values: dict[Parameter[Any], object] = {number: number.default for number in known.parameters}
    for key, value in given.items():
        number = key if isinstance(key, Parameter) else by_name.get(key)
        if number is None or number not in values:
            name = key.id if isinstance(key, Parameter) else str(key)
            hint = did_you_mean(name, by_name) or (f"; there are {', '.join(sorted(by_name))}" if by_name else "; there are none")
            raise ParameterError(f"no loaded pack has a parameter {name!r}{hint}", parameter=name)
        values[number] = number.check(value)
    return values
