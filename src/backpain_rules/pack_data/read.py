"""A pack read from data: every part is checked, and an error names its place, and the line where the text has lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ..acceptance import accept
from ..errors import BackpainRulesError, PackLoadError, shown
from ..facts.types import TREATMENT
from ..ir.expressions import Constant, Parameter, Premise
from ..ir.premises import AllOf, SignSet
from ..ir.quantities import Quantity, quantity
from ..ir.shapes import at, items, needed, object_of, only, refuse
from ..json_text import member, read_json
from ..pack import Extension, Pack
from ..rule import Constraint, Partition, Rule, Written
from ..source import Source
from ..terms import ConditionTerm, InterventionTerm, SymptomTerm, Term
from ..translation import Translation
from .fact_types import fact_type_from_data
from .names import Names, names_of
from .premises import ScopeReader
from .statements import conclusion_from_data, fact_from_data, sources_from_data, target_from_data
from .write import VERSION

Lines = Callable[[str], Written | None]
"""From a place in the data to the file and line where it was written, if it was."""

MEMBERS: Final = (
    "backpain_rules_pack", "id", "version", "title", "requires", "sources", "fact_types", "symptoms", "conditions",
    "interventions", "parameters", "quantities", "sign_sets", "extends", "rules", "constraints", "partitions", "accepts", "codes",
    "translations",
)  # fmt: skip


def pack_from_data(data: Mapping[str, Any] | str | bytes, *, requires: Sequence[Pack] = ()) -> Pack:
    """The pack that `pack_to_data` wrote, from data or JSON text. Nothing in it is ever run.

    `requires` are the packs that it requires, and those that these require. Raises `PackLoadError` for whatever is not right,
    with the `place` (`rules[3].when.all_of[1]`) and what to write instead.

    >>> pack = pack_from_data({
    ...     "backpain_rules_pack": 1, "id": "demo", "version": "1", "title": "Demo",
    ...     "symptoms": {"cold": {"label": "Cold", "ask": "Are you cold?"}}, "conditions": {"chill": {"label": "Chill"}},
    ...     "rules": [{"id": "chill", "when": "cold", "then": {"finding": "chill"}}],
    ... })
    >>> pack.rules[0].id
    'chill'
    """
    return read_pack(data, requires, lambda place: None)


def pack_from_json(text: str | bytes, *, requires: Sequence[Pack] = ()) -> Pack:
    """The pack that `pack_to_json` wrote; see `pack_from_data`."""
    return pack_from_data(text, requires=requires)


def read_pack(data: object, requires: Sequence[Pack], lines: Lines, file: str | None = None) -> Pack:
    """The pack in data whose places have lines."""
    try:
        return _PackReader(read_json(data), names_of(requires), lines).pack()
    except BackpainRulesError as error:
        place = str(error.fields.get("place") or "")
        written = lines(place)
        start = f"{written.file}, line {written.line}: " if written else f"{file}: " if file else ""
        details = {name: value for name, value in error.fields.items() if name != "place"}
        raise PackLoadError(
            f"{start}{error.message}", place=place, **({"file": written.file, "line": written.line} if written else {}), **details
        ) from None


class _PackReader:
    def __init__(self, data: object, known: Names, lines: Lines) -> None:
        self._of, self._lines = object_of(data, ""), lines
        version = self._of.get("backpain_rules_pack")
        if type(version) is not int or version != VERSION:
            refuse(f"the form is version {shown(version)}; write backpain_rules_pack: {VERSION}", "backpain_rules_pack")
        only(self._of, MEMBERS, "")
        self._id = self._text(self._of, "id", "")
        self._known = known

    def pack(self) -> Pack:
        of = self._of
        sources = self._each("sources", self._source)
        terms = [
            *self._each("symptoms", self._symptom), *self._each("conditions", self._condition),
            *self._each("interventions", self._intervention),
        ]  # fmt: skip
        numbers = self._each("parameters", self._parameter)
        self._known = Names(
            terms={**self._known.terms, **{(term.vocabulary, term.id): term for term in terms}},
            parameters={**self._known.parameters, **{number.id: number for number in numbers}},
            sign_sets=dict(self._known.sign_sets),
            quantities=dict(self._known.quantities),
            fact_types=dict(self._known.fact_types),
            sources={**self._known.sources, **{source.id: source for source in sources}},
        )
        kinds = []
        for tag, data in self._members("fact_types"):
            made = fact_type_from_data(tag, data, self._known.fact_types, member("fact_types", tag))
            self._known = replace(self._known, fact_types={**self._known.fact_types, tag: made})
            kinds.append(made)
        signs = []
        for id, data in self._members("sign_sets"):
            signs.append(self._sign_set(id, data, member("sign_sets", id)))
            self._known = replace(self._known, sign_sets={**self._known.sign_sets, id: signs[-1]})
        named = []
        for id, data in self._members("quantities"):
            named.append(self._quantity(id, data, member("quantities", id)))
            self._known = replace(self._known, quantities={**self._known.quantities, id: named[-1]})
        requires = [self._as_text(name, f"requires[{n}]") for n, name in enumerate(self._list("requires"))]
        words = {
            language: self._translation(data, member("translations", language))
            for language, data in self._members("translations")
        }
        said = {
            "extends": self._all("extends", self._extension),
            "rules": self._all("rules", self._rule),
            "constraints": self._all("constraints", self._constraint),
            "partitions": self._all("partitions", self._partition),
            "accepts": self._all("accepts", self._acceptance),
        }
        codes = {id: object_of(by_system, member("codes", id)) for id, by_system in self._members("codes")}
        return Pack(
            self._id, version=self._text(of, "version", "", 'write it in quotes: "1.0"'), title=self._text(of, "title", ""),
            requires=requires, sources=sources, terms=terms, parameters=numbers, fact_types=kinds, sign_sets=signs,
            quantities=named,
            translations=words, codes=codes, **said,
        )  # fmt: skip

    # --- what is declared ---------------------------------------------------------------------------------------------

    def _source(self, id: str, data: Any, place: str) -> Source:
        of = object_of(data, place)
        only(of, ("title", "url", "statements"), place)
        texts: dict[str, str] = {}
        more: dict[str, dict[str, Any]] = {"standing": {}, "note": {}, "unused": {}, "at": {}}
        for statement, said in object_of(needed(of, "statements", place), f"{place}.statements").items():
            here = member(f"{place}.statements", statement)
            if isinstance(said, Mapping):
                only(said, ("text", *more), here)
                for name in more:
                    if name in said:
                        more[name][statement] = said[name]
                said = needed(said, "text", here)
            texts[statement] = self._as_text(said, here)
        with at(place):
            return Source(
                id, self._text(of, "title", place), texts, url=self._text_or_none(of, "url", place),
                standing=more["standing"], notes=more["note"], unused=more["unused"], at=more["at"],
            )  # fmt: skip

    def _symptom(self, id: str, data: Any, place: str) -> Term:
        label, ask, codes = self._term(data, place, "ask", "ask_of")
        ask_of: Any = data.get("ask_of", "patient") if isinstance(data, Mapping) else "patient"
        with at(place):
            return SymptomTerm(id, label, ask, codes=codes, ask_of=ask_of)

    def _condition(self, id: str, data: Any, place: str) -> Term:
        label, ask, codes = self._term(data, place, "ask", "known")
        known: Any = data.get("known", False) if isinstance(data, Mapping) else False
        with at(place):
            return ConditionTerm(id, label, ask, known=known, codes=codes)

    def _intervention(self, id: str, data: Any, place: str) -> Term:
        label, _, codes = self._term(data, place, "kind")
        kind: Any = data.get("kind", TREATMENT) if isinstance(data, Mapping) else TREATMENT
        with at(place):
            return InterventionTerm(id, label, kind, codes=codes)

    def _term(self, data: Any, place: str, *more: str) -> tuple[str, str | None, Mapping[str, Any]]:
        of = object_of({"label": data} if isinstance(data, str) else data, place)
        only(of, ("label", *more, "codes"), place)
        codes = object_of(of.get("codes", {}), f"{place}.codes")
        return self._text(of, "label", place), self._text_or_none(of, "ask", place), codes

    def _parameter(self, id: str, data: Any, place: str) -> Parameter[Any]:
        of = object_of(data, place)
        only(of, ("default", "ge", "le", "doc"), place)
        scope = ScopeReader(self._known, {}, place)

        def constant(name: str) -> Any:
            value = of[name] if isinstance(of[name], Mapping) else {"value": of[name]}
            read = scope.value(value, f"{place}.{name}")
            if not isinstance(read, Constant):
                refuse(f"{shown(of[name])} is no constant", f"{place}.{name}")
            return read.value

        needed(of, "default", place)
        limits = {name: constant(name) for name in ("ge", "le") if name in of}
        with at(place):
            return Parameter(id, constant("default"), self._text(of, "doc", place), **limits)

    def _sign_set(self, id: str, data: Any, place: str) -> SignSet:
        of = object_of(data, place)
        only(of, ("label", "for_each", "signs"), place)
        scope = self._scope(of, place)
        members = _premises(scope, needed(of, "signs", place), f"{place}.signs")
        scope.check_all_used()
        with at(place):
            return SignSet(id, members, self._text_or_none(of, "label", place))

    def _quantity(self, id: str, data: Any, place: str) -> Quantity:
        of = object_of(data, place)
        only(of, ("label", "unit", "for_each", "of"), place)
        scope = self._scope(of, place)
        number = scope.value(needed(of, "of", place), f"{place}.of")
        scope.check_all_used()
        with at(place):
            return quantity(id, self._text(of, "label", place), number, unit=self._text_or_none(of, "unit", place))

    # --- what is said -------------------------------------------------------------------------------------------------

    def _rule(self, data: Any, place: str) -> Rule:
        of = object_of(data, place)
        only(of, ("id", "for_each", "when", "then", "source", "overrides", "replaces", "fires_on", "silent_on", "note"), place)
        scope = self._scope(of, place)
        when = scope.premise(needed(of, "when", place), f"{place}.when")
        said = needed(of, "then", place)
        several = list(enumerate(said)) if isinstance(said, (list, tuple)) else [(None, said)]
        then = [
            conclusion_from_data(one, scope, self._known, f"{place}.then" + ("" if n is None else f"[{n}]")) for n, one in several
        ]
        targets = of.get("overrides", [])
        targets = targets if isinstance(targets, (list, tuple)) else [targets]
        overrides = [target_from_data(one, scope, self._known, f"{place}.overrides[{n}]") for n, one in enumerate(targets)]
        scope.check_all_used()
        cases = {name: self._cases(of, name, place) for name in ("fires_on", "silent_on")}
        with at(place):
            rule = Rule(
                self._text(of, "id", place), when=when, then=then,
                source=sources_from_data(of.get("source"), self._known, f"{place}.source"),
                fires_on=cases["fires_on"], silent_on=cases["silent_on"], overrides=overrides,
                replaces=self._text_or_none(of, "replaces", place), note=self._text_or_none(of, "note", place),
            )  # fmt: skip
        object.__setattr__(rule, "written", self._lines(place))  # the line of the data, not that of this reader
        return rule

    def _cases(self, of: Mapping[str, Any], name: str, place: str) -> list[list[Any]]:
        cases: list[list[Any]] = []
        for number, case in enumerate(self._items(of.get(name, []), f"{place}.{name}")):
            here = f"{place}.{name}[{number}]"
            facts = self._items(case, here)
            cases.append([fact_from_data(fact, self._known, f"{here}[{n}]") for n, fact in enumerate(facts)])
        return cases

    def _constraint(self, data: Any, place: str) -> Constraint:
        of = object_of(data, place)
        only(of, ("id", "for_each", "never", "source"), place)
        scope = self._scope(of, place)
        said, here = needed(of, "never", place), f"{place}.never"
        together = AllOf(_premises(scope, said, here)) if isinstance(said, (list, tuple)) else scope.premise(said, here)
        scope.check_all_used()
        with at(place):
            return Constraint(
                self._text(of, "id", place), premise=together, written=self._lines(place),
                source=sources_from_data(of.get("source"), self._known, f"{place}.source"),
            )  # fmt: skip

    def _partition(self, data: Any, place: str) -> Partition:
        of = object_of(data, place)
        only(of, ("id", "for_each", "given", "kinds", "source"), place)
        scope = self._scope(of, place)
        given = scope.premise(of["given"], f"{place}.given") if "given" in of else None
        kinds = _premises(scope, needed(of, "kinds", place), f"{place}.kinds")
        if len(kinds) < 2:
            refuse("a partition needs at least two kinds", f"{place}.kinds")
        scope.check_all_used()
        with at(place):
            return Partition(
                self._text(of, "id", place), kinds=kinds, given=given, written=self._lines(place),
                source=sources_from_data(of.get("source"), self._known, f"{place}.source"),
            )  # fmt: skip

    def _extension(self, data: Any, place: str) -> Extension:
        of = object_of(data, place)
        only(of, ("sign_set", "for_each", "signs", "source"), place)
        scope = self._scope(of, place)
        members = _premises(scope, needed(of, "signs", place), f"{place}.signs")
        scope.check_all_used()
        target = self._text(of, "sign_set", place)
        with at(place):
            source = sources_from_data(of.get("source"), self._known, f"{place}.source")
            return Extension(self._known.sign_sets.get(target, target), members, source)

    def _acceptance(self, data: Any, place: str) -> Any:
        of = object_of(data, place)
        only(of, ("code", "of", "reason", "source"), place)
        with at(place):
            return accept(
                needed(of, "code", place), needed(of, "of", place), self._text(of, "reason", place),
                source=sources_from_data(of.get("source"), self._known, f"{place}.source"),
            )  # fmt: skip

    def _translation(self, data: Any, place: str) -> Translation:
        of = object_of(data, place)
        only(of, ("labels", "questions", "statements", "texts"), place)
        with at(place):
            return Translation(**of)

    # --- shapes -------------------------------------------------------------------------------------------------------

    def _scope(self, of: Mapping[str, Any], place: str) -> ScopeReader:
        return ScopeReader(self._known, of.get("for_each", {}), f"{place}.for_each")

    def _members(self, name: str) -> Iterator[tuple[str, Any]]:
        yield from object_of(self._of.get(name, {}), name).items()

    def _each(self, name: str, read: Callable[[str, Any, str], Any]) -> list[Any]:
        return [read(id, data, member(name, id)) for id, data in self._members(name)]

    def _all(self, name: str, read: Callable[[Any, str], Any]) -> list[Any]:
        return [read(data, f"{name}[{number}]") for number, data in enumerate(self._list(name))]

    def _list(self, name: str) -> Sequence[Any]:
        return self._items(self._of.get(name, []), name)

    def _items(self, data: Any, place: str) -> Sequence[Any]:
        """A list, which may be empty."""
        if not isinstance(data, (list, tuple)):
            refuse(f"this is a list, not {shown(data)}", place)
        return data

    def _text(self, of: Mapping[str, Any], name: str, place: str, hint: str = "") -> str:
        return self._as_text(needed(of, name, place), member(place, name) if place else name, hint)

    def _text_or_none(self, of: Mapping[str, Any], name: str, place: str) -> str | None:
        return self._text(of, name, place) if name in of else None

    def _as_text(self, data: Any, place: str, hint: str = "") -> str:
        if data is None:
            refuse("nothing stands here; write a text", place)
        if not isinstance(data, str):
            refuse(f"this is text, not {shown(data)}" + (f"; {hint}" if hint else ""), place)
        return data


def _premises(scope: ScopeReader, data: Any, place: str) -> tuple[Premise, ...]:
    return tuple(scope.premise(one, f"{place}[{number}]") for number, one in enumerate(items(data, place)))
