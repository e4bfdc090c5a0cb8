"""The knowledge base: linked and compiled packs. It is immutable."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from .analysis.case_set import Expected, TestCases
from .analysis.certify import certify, certify_query, compare
from .analysis.check import check
from .analysis.diagnostic import Report
from .analysis.diff import Comparison, diff
from .analysis.groups.changes import Changes, revised
from .analysis.groups.group import Proposal
from .analysis.mcdc import test_cases
from .analysis.prove import prove
from .analysis.query import Query, Verdict
from .arguments import fact_list, listed, texts_listed, wrong
from .assessment import Assessment
from .cohort.columns import Columns, columns_of
from .cohort.rows import facts_of_row
from .deadline import Deadline, Progress
from .draw.picture import Picture
from .drup import Verified, verify
from .engine.case_json import CaseReader, case_schema
from .engine.engines import make_engine
from .engine.native import Native
from .engine.outcome import Engine
from .engine.watchers import tell
from .errors import (
    BackpainRulesError,
    DefinitionError,
    DuplicatePackError,
    FactError,
    InvalidFactError,
    MissingExtraError,
    PackLoadError,
    ParameterError,
    RuleBaseWarning,
    UnknownPackError,
    did_you_mean,
    shown,
)
from .facts.base import Fact
from .ground.compile import compile_program
from .interview.interview import Interview, restored
from .interview.saved import SavedInterview
from .link.link import link
from .link.model import Linked
from .pack import Pack
from .pack_data.files import is_path, open_pack
from .plugins.discovery import load_packs
from .plugins.loading import FoundPack
from .session.journal import Journal
from .session.observers import Observer
from .session.saved import SavedSession, check_made_with, made_with, read_saved
from .session.session import Session
from .show.labels import ENGLISH, Labels, languages
from .show.rule_graph import rule_graph
from .show.rule_overview import Detail
from .source import Source
from .terms import Audience
from .vocabulary import (
    CodeEntry,
    ParameterEntry,
    RuleEntry,
    TermEntry,
    codes_in,
    parameters_in,
    rules_in,
    sources_in,
    terms_of,
)

if TYPE_CHECKING:
    from .cohort.kernel import Kernel

T = TypeVar("T")

Parameters: TypeAlias = Mapping[Any, object]
"""Values of parameters. The keys are names ("acupuncture:min_signs") or parameters."""


class KnowledgeBase:
    """The rules of some packs, ready to run. It never changes, so threads may share it.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> kb.assess([COLD.present]).findings
    (Finding(condition='chill', region=None, strength='indicates'),)
    """

    def __init__(self, packs: Sequence[Pack], *, parameters: Parameters | None = None) -> None:
        self._link(packs, parameters)
        for text in self.warnings:
            warnings.warn(text, RuleBaseWarning, stacklevel=_depth())

    def _link(self, packs: Sequence[Pack], parameters: Parameters | None) -> None:
        if isinstance(packs, Pack):
            raise DefinitionError(
                f"KnowledgeBase takes a list of packs, not pack {packs.id!r} alone: write KnowledgeBase([PACK])"
            )
        if isinstance(packs, Iterable) and not isinstance(packs, (str, bytes, Mapping)):
            packs = tuple(packs)
        given = listed("KnowledgeBase", "packs", packs, Pack, "a pack", hint="KnowledgeBase.load('name') takes names")
        if not isinstance(parameters, Mapping | None):
            hint = 'write parameters={"pack:parameter": value}'
            raise wrong("KnowledgeBase", "parameters", parameters, "a mapping", hint, ParameterError)
        self._linked = link(given, parameters or {})
        self._program = compile_program(self._linked)
        self._native = Native(self._program)
        self._reader = CaseReader(self._linked)
        self._engines: dict[str, Engine] = {}
        self.broken: tuple[Exception, ...] = ()

    @classmethod
    def load(cls, *names: str | PathLike[str], parameters: Parameters | None = None) -> KnowledgeBase:
        """Load installed packs: all of them, or those named and their requirements.

        A path, or a name with a dot or a slash, is a file or a folder: a pack in Python, or in JSON or YAML, from which no code
        runs. With only files, just these packs and their installed requirements are loaded. A pack that fails to load raises an
        error if you named it; otherwise `broken` lists it and the others are loaded.
        """
        for name in names:
            if not isinstance(name, (str, PathLike)):  # pyright: ignore[reportUnnecessaryIsInstance]
                hint = "give the names one by one, as in load('acupuncture', 'red_flags'); KnowledgeBase([PACK]) takes packs"
                raise wrong("KnowledgeBase.load", "names", name, "the name of an installed pack", hint, UnknownPackError)
        paths = [name for name in names if is_path(name)]
        installed = [name for name in names if isinstance(name, str) and not is_path(name)]
        if paths:
            return cls(_with_files(installed, paths), parameters=parameters)
        found, broken = load_packs(installed)
        try:
            kb = cls([entry.pack for entry in found], parameters=parameters)
        except BackpainRulesError as error:
            if names or isinstance(error, ParameterError):
                raise
            kept, refused = _without_misfits(found)
            kb = cls([entry.pack for entry in kept], parameters=parameters)
            broken = (*broken, *refused)
        kb.broken = broken
        return kb

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs, requirements first."""
        return self._linked.packs

    @property
    def rule_base(self) -> Linked:
        """The linked rules: every name resolved, every parameter a value. For tools; its shape may change."""
        return self._linked

    @cached_property
    def terms(self) -> tuple[TermEntry, ...]:
        """The symptoms, conditions and interventions that the packs declare, with labels, questions and codes.

        >>> from backpain_rules import KnowledgeBase
        >>> kb = KnowledgeBase.load("acupuncture")
        >>> [(term.kind, term.label) for term in kb.terms if term.id == "night_sweats"]
        [('symptom', 'Night sweats')]
        """
        return terms_of(self._linked)

    @cached_property
    def parameters(self) -> tuple[ParameterEntry, ...]:
        """The parameters of the packs by name, each with its value in this knowledge base."""
        return parameters_in(self._linked)

    @cached_property
    def rules(self) -> tuple[RuleEntry, ...]:
        """The rules in words, by name, without the rules that others replace."""
        return rules_in(self._linked)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the packs, each with its statements."""
        return sources_in(self._linked)

    @cached_property
    def codes(self) -> tuple[CodeEntry, ...]:
        """The codes of the terms, by coding system and code."""
        return codes_in(self.terms)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Things that are allowed but probably mistakes, such as a sign that counts twice. Each was also a `RuleBaseWarning`."""
        return self._linked.warnings

    def assess(self, facts: Iterable[Fact], *, engine: Literal["native", "reference", "durable"] | str = "native") -> Assessment:
        """Assess these facts about one patient.

        Raises a `FactError` if the facts are not a case: contradictory facts, an id that no pack declares, a conclusion given as
        a fact. `engine` names an engine of the library or of another distribution; all give the same result. Raises an
        `EngineError` if the engine is unknown or does not support these rules.
        """
        if type(facts) is not list and type(facts) is not tuple:
            facts = fact_list("assess", facts, InvalidFactError, Fact)
        known = self._engines.get(engine) if isinstance(engine, str) else None  # pyright: ignore[reportUnnecessaryIsInstance]
        made: Engine | None = self._native if engine == "native" else known
        if made is None:
            made = self._engines.setdefault(engine, make_engine(engine, self._program))
        outcome = made.run(facts)
        tell(outcome)
        return Assessment(outcome, made.run)

    def check(self, *, seconds: float | None = None, progress: Progress | None = None) -> Report:
        """Find the faults of these rules, proved over all patients: a tuple of `Diagnostic`, each with a patient as witness.

        `accepted` holds the findings that packs accept; `proved` and `not_proved` say how far the proofs reach. After `seconds`
        the report is not `complete`, and `not_proved` names what is missing. `progress` receives the current step. Raises
        `MissingExtraError` if the extra `[prove]` is not installed.
        """
        return check(self._linked, Deadline.after(seconds, progress))

    def prove(self, query: Query, *, seconds: float | None = None) -> Verdict:
        """Prove or refute a query about all patients, such as `implies`, `disjoint` or `can_follow`.

        The verdict is true if the answer is proved to be yes, so a test can say `assert kb.prove(...)`. Otherwise it shows a
        patient, or says what is open, for example after `seconds`. Raises a `RuleBaseError` or a `FactError` for a name that no
        loaded pack has, and `MissingExtraError` if the extra `[prove]` is not installed.

        >>> from backpain_rules import KnowledgeBase, Pack, Rule, can_follow, condition, disjoint, symptom
        >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
        >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
        >>> assert kb.prove(disjoint(COLD.absent, CHILL))
        >>> kb.prove(can_follow(CHILL))
        <can_follow(chill): true, for instance: cold>
        """
        if not isinstance(query, Query):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong("prove", "query", query, "a question", "write kb.prove(implies(A, B))")
        return prove(self._linked, query, Deadline.after(seconds))

    def certificate(
        self, of: Report | Query | None = None, *, seconds: float | None = None, progress: Progress | None = None
    ) -> dict[str, Any]:
        """A certificate of what was proved, as JSON data with the clauses, proofs and models that `verify` checks.

        `of` is a report of `check` (by default a new one) or a query for `prove`. `not_certified` in the data lists the claims
        without a proof. Raises `CertificateError` for an incomplete report, for an undecided query, and after `seconds`.
        """
        deadline = Deadline.after(seconds, progress)
        if isinstance(of, Query):
            return certify_query(self._linked, of, deadline)
        if not isinstance(of, Report | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong("certificate", "of", of, "a report or a question", "write kb.certificate(kb.check())")
        return certify(self._linked, check(self._linked, deadline) if of is None else of, deadline)

    def verify(self, certificate: Any, *queries: Query) -> Verified:
        """Check without a solver that a certificate proves each of its claims, and that it is about exactly these rules.

        Pass the `queries` that it certifies. Raises `CertificateError` for the first fault. `backpain_rules.verify` checks only
        the proofs.
        """
        verified = verify(certificate)
        compare(certificate, self._linked, queries)
        return verified

    def revised(self, *changes: Changes | Proposal) -> KnowledgeBase:
        """The knowledge base after changes of its rules: proposals of `check().groups`, or their `changes`.

        Raises a `RuleBaseError` if the changed rules do not link.
        """
        together = Changes()
        for one in changes:
            if not isinstance(one, Changes | Proposal):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise wrong("revised", "changes", one, "a proposal or its changes", "write kb.revised(group.proposals[0])")
            together = together.plus(one if isinstance(one, Changes) else one.changes)
        values = {name: value for name, (_, value) in self._linked.parameters.items()}
        return KnowledgeBase(revised(self.packs, together), parameters=values)

    def diff(self, new: KnowledgeBase, *, seconds: float | None = None, progress: Progress | None = None) -> Comparison:
        """Compare with another version of these rules: equivalent for every patient, or the smallest cases where they differ.

        After `seconds` the answer is not `complete`. `progress` receives the current step. Raises `MissingExtraError` if the
        extra `[prove]` is not installed.
        """
        if not isinstance(new, KnowledgeBase):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong("diff", "new", new, "a knowledge base", "write kb.diff(KnowledgeBase([PACK]))")
        return diff(self._linked, new._linked, Deadline.after(seconds, progress))

    def test_cases(
        self,
        criterion: str = "mcdc",
        *,
        pack: str | None = None,
        seconds: float | None = None,
        progress: Progress | None = None,
    ) -> TestCases:
        """A small set of cases in which each rule fires and is silent, and each leaf of each rule decides, found by the solver.

        `criterion` is "mcdc": masking MC/DC over three values, at the boundary of every threshold. `pack` restricts it to the
        rules of one pack. The engine has assessed each case. After `seconds` the set is not `complete`. `progress` receives the
        current step. Raises `UnknownPackError` for a pack that is not loaded, `UnknownTargetError` for another criterion, and
        `MissingExtraError` if the extra `[prove]` is not installed.
        """
        packs = {one.id for one in self.packs}
        if pack is not None and (not isinstance(pack, str) or pack not in packs):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UnknownPackError(f"no loaded pack is called {shown(pack)}{did_you_mean(pack, packs)}", pack=pack)
        rules = [rule.name for rule in self._linked.rules if pack in (None, rule.pack)]
        return test_cases(self._linked, rules, self._judged, criterion, Deadline.after(seconds, progress))

    def _judged(self, facts: Sequence[Fact]) -> tuple[tuple[Expected, ...], tuple[Fact, ...]]:
        result = self.assess(facts)
        expected = tuple(Expected(fact, result.is_firm(fact)) for fact in result.derived)
        facts = result._outcome.program.facts
        return expected, tuple(facts[number] for number in result._open)  # without their requirements, which are not needed here

    def session(
        self,
        facts: Iterable[Fact] = (),
        *,
        observers: Iterable[Observer] = (),
        journal: str | PathLike[str] | None = None,
        sync: bool = False,
        accept_other_packs: bool = False,
        history: int | None = None,
    ) -> Session:
        """Start a session with these facts. `observers` learn which rules start and stop firing, and of each result.

        `journal` is a file. Every change is written to it before it takes effect; with `sync` it also reaches the disk. An
        existing journal is continued; an error leaves no new file behind. `history` is how many changes `Session.history` keeps;
        None keeps all.

        Raises a `FactError` if the facts are not a case, a `JournalError` if the file is damaged, is not a journal or is in use,
        and `OtherPacksError` if it was made with other packs, unless `accept_other_packs` is set.
        """
        facts = fact_list("session", facts, InvalidFactError, Fact)
        book = None if journal is None else Journal(journal, made_with(self._linked), sync=sync)
        try:
            return Session(
                self._program, facts, observers=observers, history=history, journal=book, accept_other_packs=accept_other_packs
            )
        except BaseException:
            if book is not None:
                book.abandon()
            raise

    def restore_session(
        self,
        data: str | bytes | Mapping[str, Any],
        *,
        observers: Iterable[Observer] = (),
        accept_other_packs: bool = False,
        history: int | None = None,
    ) -> Session:
        """Restore the session that `Session.to_json` wrote; it is equal to the original.

        Raises `OtherPacksError`, which lists the differences, if packs or parameters differ; with `accept_other_packs` everything
        is derived again with these. Raises `SavedStateError` if the text is not a saved session.
        """
        place = "the saved session"
        read = read_saved(SavedSession, "session", data, place=place)
        check_made_with(self._linked, read, place=place, accept_other_packs=accept_other_packs)
        try:
            facts = self._reader.facts({"facts": read.facts})
            session = self.session(observers=observers, history=history)
            session.restore(facts)
        except FactError as error:
            raise error.at(place) from None
        return session

    def interview(
        self,
        facts: Iterable[Fact] = (),
        *,
        language: str = ENGLISH,
        audience: Audience = "practitioner",
        seconds: float | None = None,
    ) -> Interview:
        """Start an interview with these facts. It asks until no answers can change the conclusions.

        With `audience="patient"` it does not ask about signs that only a practitioner can see, and `Question.why` names no
        disease. `seconds` limits the search for each question; see `Interview.question` for what happens then. Raises a
        `FactError` if the facts are not a case, and `UnknownLanguageError`. Questions need the extra `[prove]`.
        """
        stated = fact_list("interview", facts, InvalidFactError, Fact)
        return Interview(self._program, stated, language=language, audience=audience, seconds=seconds)

    def restore_interview(
        self, data: str | bytes | Mapping[str, Any], *, accept_other_packs: bool = False, seconds: float | None = None
    ) -> Interview:
        """Restore the interview that `Interview.to_json` wrote, with the same questions and answers.

        Raises `OtherPacksError`, which lists the differences, if packs or parameters differ; with `accept_other_packs` the
        answers apply to these packs. `seconds` is as for `interview`. Raises `SavedStateError` if the text is not a saved
        interview, and `AnswerError` for an answer to a question that these packs do not ask.
        """
        place = "the saved interview"
        read = read_saved(SavedInterview, "interview", data, place=place)
        check_made_with(self._linked, read, place=place, accept_other_packs=accept_other_packs)
        try:
            return restored(self._program, read, self._reader.facts({"facts": read.facts}), seconds)
        except FactError as error:
            raise error.at(place) from None

    def read_case(self, data: str | bytes | Mapping[str, Any]) -> tuple[Fact, ...]:
        """Read the facts of a JSON case from text, bytes or data. A `FactError` names the place of a fault."""
        return self._reader.facts(data)

    def case_schema(self) -> dict[str, Any]:
        """The JSON Schema of a case, with the ids of these packs, for forms and APIs."""
        return case_schema(self._linked)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of these packs, English first."""
        return languages(self._linked)

    def graph(self, of: str | None = None, *, detail: Detail = "rules", language: str = ENGLISH) -> Picture:
        """The graph of all rules, of one pack, or of one rule ("pack:rule") with its neighbours.

        An overview of many rules is `detail="conclusions"`, which conclusion leads to which, or `detail="packs"`.
        `.to_svg()`, `.to_dot()` and `.to_mermaid()` draw it. Raises `UnknownTargetError` for a name that no loaded pack has.
        """
        return rule_graph(self._linked, Labels(self._linked, language), of, detail)

    def _repr_html_(self) -> str:
        return self.graph()._repr_html_()

    def cohort(self, table: T, *, ignore: Iterable[str] = ()) -> T:
        """Assess each row of a table of cases; the result is a table with the same rows. Needs the extra `cohort`.

        Accepts an Arrow table, record batch, stream or iterable of batches, or a pandas or polars data frame, and returns the
        same kind, with the same rows, order and index; a stream is computed as it is read. `cohort_columns` lists the columns.
        Null is unknown; a missing column is null in every row; your own columns, such as an id, are carried over. A name close to
        that of a column raises an error, unless `ignore` lists it. The id of a symptom names its column too. In the results, true
        is established, null is possible, and false is not possible. Raises a `FactError` for a column or row that no case can
        have, and a `TableError` if the argument is not a table.

        >>> import pyarrow as pa
        >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
        >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
        >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
        >>> kb.cohort(pa.table({"id": [1, 2, 3], "symptom__cold": [True, False, None]})).to_pydict()
        {'id': [1, 2, 3], 'finding__chill': [True, False, None]}
        """
        try:
            from .cohort.tables import cohort
        except ImportError as error:
            raise _missing("cohort", "tables", error) from error
        result: T = cohort(self._kernel.ignoring(texts_listed("cohort", "ignore", ignore)), table)
        return result

    def cohort_diff(self, new: KnowledgeBase, table: T, *, ignore: Iterable[str] = ()) -> T:
        """The rows of an Arrow table of cases on which another version of these rules differs, and the rules responsible.

        The result has one row for each case and each conclusion, or conflict, that differs: the number of the case in the table,
        the column of `cohort`, its value under these rules (`old`) and under the other ones (`new`), and the rules that give it;
        then your own columns, such as an id. If only one version knows a column, the other ignores it.

        >>> import pyarrow as pa
        >>> from backpain_rules import KnowledgeBase, Pack, Rule, all_of, condition, symptom
        >>> COLD, WET, CHILL = symptom("cold", "Cold", ask="?"), symptom("wet", "Wet", ask="?"), condition("chill", "Chill")
        >>> old = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("r", when=COLD, then=CHILL.finding())])])
        >>> rule = Rule("r", when=all_of(COLD, WET), then=CHILL.finding())
        >>> new = KnowledgeBase([Pack("demo", version="2", title="Demo", rules=[rule])])
        >>> table = pa.table({"id": ["x", "y"], "symptom__cold": [True, True], "symptom__wet": [True, False]})
        >>> old.cohort_diff(new, table).to_pylist()
        [{'row': 1, 'conclusion': 'finding__chill', 'old': True, 'new': False, 'old_rules': 'demo:r', 'new_rules': '', 'id': 'y'}]
        """
        if not isinstance(new, KnowledgeBase):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong("cohort_diff", "new", new, "a knowledge base", "write kb.cohort_diff(KnowledgeBase([PACK]), table)")
        try:
            from .cohort.changes import changes
        except ImportError as error:
            raise _missing("cohort", "tables", error) from error
        names = texts_listed("cohort_diff", "ignore", ignore)
        result: T = changes(self._kernel.ignoring(names), new._kernel.ignoring(names), table)
        return result

    def cohort_columns(self) -> Columns:
        """The columns of a table of cases, and those of its results."""
        return self._columns

    def read_row(self, row: Mapping[str, Any], *, ignore: Iterable[str] = ()) -> tuple[Fact, ...]:
        """The facts of one row of a table of cases. `ignore` is as for `cohort`."""
        inputs = {column.name: column for column in self._columns.inputs}
        return facts_of_row(self._linked, inputs, row, texts_listed("read_row", "ignore", ignore))

    def widen(self, table: Any, *, case: str = "case", term: str = "term", value: str = "value") -> Any:
        """Convert a long Arrow table, with one row for each statement, to a table with one row for each case.

        A term is the name of a column or the id of a symptom. Raises `TableError` for an unknown term, for a value of the wrong
        type, and for two values for one column of a case.

        >>> import pyarrow as pa
        >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
        >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
        >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
        >>> said = pa.table({"case": [1, 2, 2], "term": ["cold", "cold", "patient__age"], "value": ["true", "false", "40"]})
        >>> kb.widen(said).to_pydict()
        {'case': [1, 2], 'patient__age': [None, 40], 'symptom__cold': [True, False]}
        """
        try:
            from .cohort.long_table import widen
        except ImportError as error:
            raise _missing("cohort", "tables", error) from error
        return widen(self._kernel.inputs, table, case=case, term=term, value=value)

    @cached_property
    def _columns(self) -> Columns:
        return columns_of(self._program)

    @cached_property
    def _kernel(self) -> Kernel:
        from .cohort.kernel import Kernel

        return Kernel(self._program, self._columns)

    def __reduce__(self) -> tuple[Any, ...]:
        values = {name: value for name, (_, value) in self._linked.parameters.items()}
        return _rebuilt, (self.packs, values, self.broken)

    def __repr__(self) -> str:
        packs = ", ".join(f"{pack.id} {pack.version}" for pack in self.packs)
        return f"KnowledgeBase({packs}: {len(self._linked.rules)} rules)"


def _rebuilt(packs: Sequence[Pack], parameters: Parameters, broken: tuple[Exception, ...]) -> KnowledgeBase:
    """Unpickle a knowledge base, for example in a worker of a cluster."""
    kb = KnowledgeBase.__new__(KnowledgeBase)
    kb._link(packs, parameters)  # it warned when it was first made
    kb.broken = broken
    return kb


def _depth() -> int:
    """The `stacklevel` with which `warnings.warn` in the caller names the line outside this library."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(f"{__package__}."):
        level, frame = level + 1, frame.f_back
    return level


def _missing(extra: str, what: str, error: ImportError) -> MissingExtraError:
    return MissingExtraError(
        f"{what} need {error.name}, which is not installed: pip install 'backpain-rules[{extra}]'",
        extra=extra,
        missing=error.name,
    )


def _with_files(names: Sequence[str], paths: Sequence[str | PathLike[str]]) -> tuple[Pack, ...]:
    """These installed packs, the packs in files, and their installed requirements. A file may require an earlier file."""
    packs: dict[str, Pack] = {}

    def add_installed(wanted: Sequence[str]) -> None:
        missing = [name for name in wanted if name not in packs]
        if missing:
            packs.update((found.pack.id, found.pack) for found in load_packs(missing)[0] if found.pack.id not in packs)

    add_installed(names)
    for path in paths:
        file = open_pack(path)
        add_installed(file.requires)
        pack = file.pack(tuple(packs.values()))
        if pack.id in packs:
            raise DuplicatePackError(f"{path} holds pack {pack.id!r}, which is loaded already; name one of the two", pack=pack.id)
        packs[pack.id] = pack
        add_installed(pack.requires)
    return tuple(packs.values())


def _without_misfits(found: Sequence[FoundPack]) -> tuple[list[FoundPack], list[PackLoadError]]:
    """The packs that link together, and an error for each that does not fit those before it. Shipped packs come first."""
    kept: list[FoundPack] = []
    refused: list[PackLoadError] = []
    waiting = sorted(found, key=lambda entry: (not entry.is_shipped, entry.pack.id))
    while waiting:
        here = {entry.pack.id for entry in kept}
        entry = next((e for e in waiting if here.issuperset(e.pack.requires)), waiting[0])
        waiting.remove(entry)
        try:
            compile_program(link([*(e.pack for e in kept), entry.pack], {}))
        except BackpainRulesError as error:
            message = f"pack {entry.pack.id!r} of {entry.distribution} {entry.version} does not fit the others: {error.message}"
            refused.append(PackLoadError(message, pack=entry.pack.id, distribution=entry.distribution, version=entry.version))
        else:
            kept.append(entry)
    return kept, refused
