"""The tools as plain functions on JSON data. They keep no state: each answer holds what the next call needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..arguments import wrong
from ..assessment import Assessment
from ..deadline import Deadline
from ..errors import InvalidFactError, UnknownPackError, UnknownTargetError, did_you_mean, shown
from ..explain.words import say_fact
from ..facts.base import Fact, to_data
from ..facts.types import haste
from ..interview.interview import Interview
from ..knowledge import KnowledgeBase
from ..pack import Pack
from ..questions.question import DONT_KNOW
from .drafts import findings_of, knowledge_base_of, read_draft, review_of
from .receipts import receipt_of

SECONDS: Final = 20.0
"""How long one call searches; an answer that was cut off says so."""
EVIDENCE: Final = "evidence"
LONGEST_EVIDENCE: Final = 2_000
ID: Final = re.compile(r"[A-Za-z][\w-]*")
"""The id of a pack; a draft as text has other signs in it."""
Facts = Sequence[Mapping[str, Any]]


class Toolbox:
    """The tools for one knowledge base.

    A fact is JSON as in a case, plus `evidence`: the words it was taken from. A fact with `"present": false` must have
    evidence, so that a question nobody asked stays unknown and never becomes "no".

    >>> from backpain_rules import KnowledgeBase
    >>> tools = Toolbox(KnowledgeBase.load("acupuncture"))
    >>> facts = [{"type": "pain", "region": "lumbar", "severity": 8}, {"type": "injury", "region": "lumbar"}]
    >>> tools.assess(facts)["summary"][0]
    'acute_strain (lumbar) (provisional)'
    """

    def __init__(self, kb: KnowledgeBase, *, seconds: float = SECONDS) -> None:
        if not isinstance(kb, KnowledgeBase):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong("Toolbox", "kb", kb, "a knowledge base", "write Toolbox(KnowledgeBase.load('acupuncture'))")
        Deadline.after(seconds)
        self._kb, self._seconds = kb, seconds

    def vocabulary(self) -> dict[str, Any]:
        """The words that facts and drafts may use: terms with their questions, parameters, packs, and the schema of a case."""
        packs = [{"id": pack.id, "version": pack.version, "title": pack.title} for pack in self._kb.packs]
        return {
            "packs": packs,
            "terms": [term.to_data() for term in self._kb.terms],
            "parameters": [parameter.to_data() for parameter in self._kb.parameters],
            "case_schema": self._kb.case_schema(),
        }  # fmt: skip

    def assess(self, facts: Facts) -> dict[str, Any]:
        """What follows from these facts, the most urgent first; what is still open; and a receipt that can be replayed."""
        result, evidence = self._assessed(facts)
        ordered = sorted(result.derived, key=haste)
        return {
            "emergency": any(haste(fact) == 0 for fact in ordered),
            "summary": [say_fact(fact) + ("" if result.is_firm(fact) else " (provisional)") for fact in ordered],
            "result": result.to_data(),
            "evidence": evidence,
            "receipt": receipt_of(self._kb, result).model_dump(),
        }

    def why(self, facts: Facts, conclusion: str) -> dict[str, Any]:
        """The derivation of a conclusion, by the id of what it is about, down to the stated facts and the sources."""
        result, evidence = self._assessed(facts)
        found = [fact for fact in result.derived if _about(fact) == conclusion]
        if not found:
            known = sorted({_about(fact) for fact in result.derived})
            hint = did_you_mean(conclusion, known) or f"; concluded are {', '.join(known) or 'no facts'}"
            raise UnknownTargetError(f"{shown(conclusion)} is not concluded{hint}; why_not says why", target=conclusion)
        derivations = [result.why(fact) for fact in found]
        return {
            "text": "\n\n".join(map(str, derivations)),
            "derivations": [derivation.to_data() for derivation in derivations],
            "evidence": evidence,
            "receipt": receipt_of(self._kb, result).model_dump(),
        }

    def why_not(self, facts: Facts, conclusion: str) -> dict[str, Any]:
        """Why something is not concluded, by its id, and the smallest changes of the facts that would bring it about."""
        result, _ = self._assessed(facts)
        absent = result.why_not(conclusion, seconds=self._seconds)
        return {
            "text": str(absent),
            "why_not": absent.to_data(),
            "changes": [edit.to_data() for edit in absent.changes],
            "complete": absent.complete,
        }

    def next_question(self, facts: Facts) -> dict[str, Any]:
        """The question whose answer tells most, and the interview to hand to `answer`. None when nothing can change any more."""
        case, _ = self._case(facts)
        return _asked(self._kb.interview(case, seconds=self._seconds))

    def answer(self, interview: Mapping[str, Any], value: bool | float | str | None) -> dict[str, Any]:
        """The answer to the question of an interview, and the next question. None says that the patient does not know."""
        restored = self._kb.restore_interview(interview, seconds=self._seconds)
        return _asked(restored.answer(DONT_KNOW if value is None else value))

    def check_pack(self, draft: str | Mapping[str, Any]) -> dict[str, Any]:
        """Every fault of a draft of a pack, as data, JSON text or YAML text: proofs with a patient, example cases, sources."""
        pack = read_draft(draft, self._others(draft))
        kb = knowledge_base_of(pack, self._kb.packs)
        findings = list(findings_of(kb, pack, self._seconds))
        return {
            "pack": pack.id,
            "rules": len(pack.rules),
            "clean": not findings,
            "findings": findings,
            "review": review_of(kb.packs, pack),
        }

    def diff_packs(self, old: str | Mapping[str, Any], new: str | Mapping[str, Any]) -> dict[str, Any]:
        """Whether two packs say the same of every patient, or the smallest patients where they differ. A loaded one goes
        by its id."""
        before, after = (self._pack(one) for one in (old, new))
        sides = (knowledge_base_of(pack, self._kb.packs) for pack in (before, after))
        comparison = next(sides).diff(next(sides), seconds=self._seconds)
        return {"equivalent": comparison.equivalent, **comparison.to_data()}

    # --- inside -------------------------------------------------------------------------------------------------------

    def _pack(self, one: str | Mapping[str, Any]) -> Pack:
        loaded = {pack.id: pack for pack in self._kb.packs}
        if not isinstance(one, str) or not ID.fullmatch(one):
            return read_draft(one, self._others(one))
        if one not in loaded:
            hint = did_you_mean(one, loaded) or f"; loaded are {', '.join(loaded)}"
            raise UnknownPackError(f"no loaded pack is called {shown(one)}{hint}", pack=one)
        return loaded[one]

    def _others(self, draft: str | Mapping[str, Any]) -> tuple[Pack, ...]:
        """The packs that a draft may require; a draft of a loaded pack takes its place."""
        id = draft.get("id") if isinstance(draft, Mapping) else None
        return tuple(pack for pack in self._kb.packs if pack.id != id and id not in pack.requires)

    def _assessed(self, facts: Facts) -> tuple[Assessment, list[dict[str, Any]]]:
        case, evidence = self._case(facts)
        return self._kb.assess(case), evidence

    def _case(self, facts: Facts) -> tuple[tuple[Fact, ...], list[dict[str, Any]]]:
        """The facts, and the words that each was taken from."""
        plain: list[dict[str, Any]] = []
        words: list[str | None] = []
        if isinstance(facts, (str, bytes)) or not isinstance(facts, Sequence):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidFactError(
                f'facts is a list of objects, as in [{{"type": "pain", "region": "lumbar"}}]; not {shown(facts)}', place="facts"
            )
        for number, fact in enumerate(facts):
            if not isinstance(fact, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
                place = f"facts[{number}]"
                raise InvalidFactError(f'{place} is an object with a "type"; not {shown(fact)}', place=place)
            said = {name: value for name, value in fact.items() if name != EVIDENCE}
            evidence = fact.get(EVIDENCE)
            place = f"facts[{number}].{EVIDENCE}"
            if evidence is not None and (not isinstance(evidence, str) or len(evidence) > LONGEST_EVIDENCE):
                raise InvalidFactError(f"{place} is text of at most {LONGEST_EVIDENCE} characters", place=place)
            if said.get("present") is False and not evidence:
                raise InvalidFactError(
                    f"{place} is missing: say in whose words this is absent; leave the fact out if nobody asked", place=place
                )
            plain.append(said)
            words.append(evidence)
        case = self._kb.read_case({"facts": plain})
        told = [{"fact": to_data(fact), EVIDENCE: text} for fact, text in zip(case, words, strict=True) if text]
        return case, told


def _asked(interview: Interview) -> dict[str, Any]:
    question = interview.question
    ordered = sorted(interview.result.derived, key=haste)
    return {
        "emergency": any(haste(fact) == 0 for fact in ordered),
        "question": None if question is None else question.to_data(),
        "facts": [to_data(fact) for fact in interview.facts],
        "summary": [say_fact(fact) for fact in ordered],
        "interview": interview.to_data(),
    }


def _about(fact: Fact) -> str:
    """The id that a conclusion goes by: of the condition, the intervention, or what its first key holds."""
    keys = fact.schema_.keys
    return str(fact.__dict__[keys[0]]) if keys else fact.tag()
