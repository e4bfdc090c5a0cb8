"""backpain_rules: typed symptom facts in, explained conclusions out.

The names below are the public face. They are loaded when they are first used, so that importing the library, or its
pytest plug-in, costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._version import __version__ as __version__
    from .acceptance import Acceptance as Acceptance
    from .acceptance import accept as accept
    from .analysis.case_set import Expected as Expected
    from .analysis.case_set import TestCase as TestCase
    from .analysis.case_set import TestCases as TestCases
    from .analysis.diagnostic import Diagnostic as Diagnostic
    from .analysis.diagnostic import Report as Report
    from .analysis.diff import Comparison as Comparison
    from .analysis.diff import ConstraintDifference as ConstraintDifference
    from .analysis.diff import Difference as Difference
    from .analysis.goal import Goal as Goal
    from .analysis.groups.changes import Changes as Changes
    from .analysis.groups.group import Group as Group
    from .analysis.groups.group import Proposal as Proposal
    from .analysis.groups.group import Side as Side
    from .analysis.query import Query as Query
    from .analysis.query import Verdict as Verdict
    from .analysis.query import can_follow as can_follow
    from .analysis.query import disjoint as disjoint
    from .analysis.query import equivalent as equivalent
    from .analysis.query import implies as implies
    from .analysis.query import never_follows as never_follows
    from .analysis.query import same_as as same_as
    from .assessment import Assessment as Assessment
    from .change import Change as Change
    from .drup import Verified as Verified
    from .drup import verify as verify
    from .engine.outcome import Engine as Engine
    from .engine.outcome import Outcome as Outcome
    from .errors import AnswerError as AnswerError
    from .errors import BackpainRulesError as BackpainRulesError
    from .errors import BeyondEngineError as BeyondEngineError
    from .errors import CertificateError as CertificateError
    from .errors import ConflictingFactError as ConflictingFactError
    from .errors import DefinitionError as DefinitionError
    from .errors import DuplicatePackError as DuplicatePackError
    from .errors import EngineError as EngineError
    from .errors import FactError as FactError
    from .errors import FieldValueError as FieldValueError
    from .errors import InvalidFactError as InvalidFactError
    from .errors import JournalError as JournalError
    from .errors import MissingExtraError as MissingExtraError
    from .errors import MissingProgramError as MissingProgramError
    from .errors import OtherPacksError as OtherPacksError
    from .errors import PackError as PackError
    from .errors import PackLoadError as PackLoadError
    from .errors import ParameterError as ParameterError
    from .errors import PremiseError as PremiseError
    from .errors import ProofError as ProofError
    from .errors import RuleBaseError as RuleBaseError
    from .errors import RuleBaseWarning as RuleBaseWarning
    from .errors import SavedStateError as SavedStateError
    from .errors import SessionError as SessionError
    from .errors import SessionInUseError as SessionInUseError
    from .errors import StratificationError as StratificationError
    from .errors import TableError as TableError
    from .errors import UnknownFactTypeError as UnknownFactTypeError
    from .errors import UnknownFieldError as UnknownFieldError
    from .errors import UnknownIdError as UnknownIdError
    from .errors import UnknownLanguageError as UnknownLanguageError
    from .errors import UnknownPackError as UnknownPackError
    from .errors import UnknownStatementError as UnknownStatementError
    from .errors import UnknownTargetError as UnknownTargetError
    from .explain.conflict import Conflict as Conflict
    from .explain.derivation import Derivation as Derivation
    from .explain.quantities import QuantityValue as QuantityValue
    from .explain.unknowns import Undecided as Undecided
    from .explain.unknowns import Unknown as Unknown
    from .facts.base import Fact as Fact
    from .facts.base import Key as Key
    from .facts.base import Slot as Slot
    from .facts.base import slot as slot
    from .facts.types import Caution as Caution
    from .facts.types import Diagnosis as Diagnosis
    from .facts.types import Finding as Finding
    from .facts.types import Injury as Injury
    from .facts.types import InterventionKind as InterventionKind
    from .facts.types import KnownCondition as KnownCondition
    from .facts.types import Pain as Pain
    from .facts.types import Patient as Patient
    from .facts.types import Recommendation as Recommendation
    from .facts.types import Referral as Referral
    from .facts.types import Region as Region
    from .facts.types import Strength as Strength
    from .facts.types import Symptom as Symptom
    from .facts.types import absent as absent
    from .facts.types import present as present
    from .ground.program import Program as Program
    from .interview.interview import Interview as Interview
    from .ir.conclusions import Conclusion as Conclusion
    from .ir.conclusions import conclude as conclude
    from .ir.conclusions import phrase as phrase
    from .ir.expressions import Parameter as Parameter
    from .ir.expressions import Premise as Premise
    from .ir.expressions import Ref as Ref
    from .ir.expressions import parameter as parameter
    from .ir.premise_reader import premise_from_data as premise_from_data
    from .ir.premises import SignSet as SignSet
    from .ir.premises import all_of as all_of
    from .ir.premises import any_of as any_of
    from .ir.premises import at_least as at_least
    from .ir.premises import each as each
    from .ir.premises import exists as exists
    from .ir.premises import is_known as is_known
    from .ir.premises import is_unknown as is_unknown
    from .ir.premises import not_ as not_
    from .ir.premises import sign_set as sign_set
    from .ir.premises import unless as unless
    from .ir.quantities import Quantity as Quantity
    from .ir.quantities import quantity as quantity
    from .ir.quantities import score as score
    from .ir.serialize import premise_to_data as premise_to_data
    from .knowledge import KnowledgeBase as KnowledgeBase
    from .otherwise.edit import Edit as Edit
    from .otherwise.robustness import Robustness as Robustness
    from .otherwise.why_not import WhyNot as WhyNot
    from .pack import Extension as Extension
    from .pack import Pack as Pack
    from .pack import constraints_in as constraints_in
    from .pack import extend as extend
    from .pack import partitions_in as partitions_in
    from .pack import rules_in as rules_in
    from .pack import terms_in as terms_in
    from .plugins.hookspecs import hookimpl as hookimpl
    from .questions.answers import Answer as Answer
    from .questions.question import DONT_KNOW as DONT_KNOW
    from .questions.question import Option as Option
    from .questions.question import Question as Question
    from .rule import Constraint as Constraint
    from .rule import Partition as Partition
    from .rule import Rule as Rule
    from .rule import never as never
    from .rule import partition as partition
    from .session.observers import Activation as Activation
    from .session.observers import Observer as Observer
    from .session.session import Session as Session
    from .source import Source as Source
    from .source import Statement as Statement
    from .terms import Audience as Audience
    from .terms import ConditionTerm as ConditionTerm
    from .terms import InterventionTerm as InterventionTerm
    from .terms import SymptomTerm as SymptomTerm
    from .terms import Term as Term
    from .terms import condition as condition
    from .terms import intervention as intervention
    from .terms import symptom as symptom
    from .translation import Translation as Translation
    from .vocabulary import CodeEntry as CodeEntry
    from .vocabulary import ParameterEntry as ParameterEntry
    from .vocabulary import RuleEntry as RuleEntry
    from .vocabulary import TermEntry as TermEntry

_FACE: dict[str, str] = {
    name: module
    for module, names in {
        "_version": "__version__",
        "errors": "AnswerError BackpainRulesError BeyondEngineError CertificateError ConflictingFactError DefinitionError "
        "DuplicatePackError EngineError FactError FieldValueError InvalidFactError JournalError MissingExtraError "
        "MissingProgramError OtherPacksError PackError PackLoadError ParameterError PremiseError ProofError RuleBaseError "
        "RuleBaseWarning SavedStateError SessionError SessionInUseError StratificationError TableError "
        "UnknownFactTypeError UnknownFieldError UnknownIdError UnknownLanguageError UnknownPackError "
        "UnknownStatementError UnknownTargetError",
        "acceptance": "Acceptance accept",
        "analysis.case_set": "Expected TestCase TestCases",
        "analysis.diagnostic": "Diagnostic Report",
        "analysis.diff": "Comparison ConstraintDifference Difference",
        "analysis.goal": "Goal",
        "analysis.groups.changes": "Changes",
        "analysis.groups.group": "Group Proposal Side",
        "analysis.query": "Query Verdict can_follow disjoint equivalent implies never_follows same_as",
        "assessment": "Assessment",
        "change": "Change",
        "drup": "Verified verify",
        "engine.outcome": "Engine Outcome",
        "ground.program": "Program",
        "explain.conflict": "Conflict",
        "explain.derivation": "Derivation",
        "explain.quantities": "QuantityValue",
        "explain.unknowns": "Undecided Unknown",
        "interview.interview": "Interview",
        "ir.premise_reader": "premise_from_data",
        "ir.serialize": "premise_to_data",
        "knowledge": "KnowledgeBase",
        "facts.base": "Fact Key Slot slot",
        "facts.types": "Caution Diagnosis Finding Injury InterventionKind KnownCondition Pain Patient Recommendation Referral "
        "Region Strength Symptom absent present",
        "ir.conclusions": "Conclusion conclude phrase",
        "ir.expressions": "Parameter Premise Ref parameter",
        "ir.premises": "SignSet all_of any_of at_least each exists is_known is_unknown not_ sign_set unless",
        "ir.quantities": "Quantity quantity score",
        "otherwise.edit": "Edit",
        "otherwise.robustness": "Robustness",
        "otherwise.why_not": "WhyNot",
        "pack": "Extension Pack constraints_in extend partitions_in rules_in terms_in",
        "plugins.hookspecs": "hookimpl",
        "questions.answers": "Answer",
        "questions.question": "DONT_KNOW Option Question",
        "rule": "Constraint Partition Rule never partition",
        "translation": "Translation",
        "vocabulary": "CodeEntry ParameterEntry RuleEntry TermEntry",
        "session.observers": "Activation Observer",
        "session.session": "Session",
        "source": "Source Statement",
        "terms": "Audience ConditionTerm InterventionTerm SymptomTerm Term condition intervention symptom",
    }.items()
    for name in names.split()
}

__all__ = sorted(_FACE)  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # a checker that saw it would take any misspelt name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in _FACE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_FACE[name]}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
