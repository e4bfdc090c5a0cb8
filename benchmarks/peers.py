"""The contenders: each takes a case in the form that suits it, and gives what follows. One not installed is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

from .rule_bases import SIGNS, YANG, YIN, Case, Drawn, knowledge_base

COMPLAINT = ("onset", "mechanism", "hours", "pain")


class Contender(NamedTuple):
    """`prepare` is not timed, `run` is, and `names` says what `run` found."""

    name: str
    prepare: Callable[[Case], Any]
    run: Callable[[Any], Any]
    names: Callable[[Any], Iterable[str]] = set


def contenders(drawn: Sequence[Drawn]) -> Iterator[Contender]:
    """Everything that is installed, this library first."""
    yield native(drawn)
    yield by_hand(drawn)
    if drawn:
        yield watch_one(drawn)
    if find_spec("clips"):
        yield clips(drawn, at_once=True)
        yield clips(drawn, at_once=False)
    if find_spec("zen") and len(drawn) <= 1000:
        yield zen(drawn)


def native(drawn: Sequence[Drawn]) -> Contender:
    kb = knowledge_base(drawn)
    return Contender(
        "backpain_rules", Case.facts, lambda facts: kb.assess(facts).findings, lambda found: {f.condition for f in found}
    )


# --- by hand ------------------------------------------------------------------------------------------------------------


def flat(case: Case) -> dict[str, Any]:
    return {**case.complaint, **case.signs, "symptoms": case.symptoms}


def hand_a(p: dict[str, Any]) -> list[str]:
    """Knowledge base A as `if`s that leave out what an earlier one has decided."""
    out = []
    if p["onset"] == "acute":
        if p["mechanism"] != "none":
            out.append("acute_strain")
            if p["hours"] <= 24:
                out.append("treat_now")
            if p["pain"] >= 5:
                out.append("every_other_day")
    else:
        out.append("chronic_pain")
        if p["muscle_imbalance"]:
            out.append("egoscue_first")
        elif p["muscle_weakness"]:
            out.append("strength_training")
        if p["weak_knees"] + p["hot_flashes"] + p["night_sweats"] + p["warm_drinks"] + p["dry_membranes"] >= 3:
            out.append("kidney_yin")
        signs = p["feeling_cold"] + p["cold_feet"] + p["cold_sensitivity"] + p["no_thirst"]
        if signs + p["frequent_urination"] + p["low_libido"] >= 3:
            out.append("kidney_yang")
        if p["dampness"]:
            if p["heat"]:
                out.append("damp_heat")
            elif p["feeling_cold"]:
                out.append("damp_cold")
    if p["disk_herniation"]:
        out.append("herniated_disk")
    return out


def by_hand(drawn: Sequence[Drawn]) -> Contender:
    """One `if` for each rule, written out as Python; in pieces, as one long function takes long to compile."""
    pieces: list[Callable[..., None]] = []
    for start in range(0, len(drawn), 500):
        lines = ["def piece(known, out):"]
        for rule in drawn[start : start + 500]:
            needs = (*rule.symptoms, rule.earlier) if rule.earlier else rule.symptoms
            lines.append(f"    if {' and '.join(f'{name!r} in known' for name in needs)}:")
            lines.append(f"        out.append({rule.conclusion!r}); known.add({rule.conclusion!r})")
        made: dict[str, Any] = {}
        exec("\n".join(lines), made)
        pieces.append(made["piece"])

    def run(p: dict[str, Any]) -> list[str]:
        out = hand_a(p)
        known = set(p["symptoms"])
        for piece in pieces:
            piece(known, out)
        return out

    return Contender("`if`s by hand", flat, run if drawn else hand_a)


def watch_one(drawn: Sequence[Drawn]) -> Contender:
    """Each rule is listed under one thing it needs, and looked at when that is there."""
    index: dict[str, list[tuple[frozenset[str], str]]] = {}
    for rule in drawn:
        watched = rule.earlier or min(rule.symptoms, key=lambda name: len(index.get(name, ())))
        needs = frozenset((*rule.symptoms, rule.earlier) if rule.earlier else rule.symptoms)
        index.setdefault(watched, []).append((needs, rule.conclusion))
    get = index.get

    def run(p: dict[str, Any]) -> list[str]:
        out = hand_a(p)
        known = set(p["symptoms"])
        todo = list(known)
        while todo:
            for needs, conclusion in get(todo.pop(), ()):
                if needs <= known:
                    out.append(conclusion)
                    known.add(conclusion)
                    todo.append(conclusion)
        return out

    return Contender("watch-one index by hand", flat, run)


# --- engines ------------------------------------------------------------------------------------------------------------


def clips(drawn: Sequence[Drawn], *, at_once: bool) -> Contender:
    """CLIPS, given the facts of a case in one `eval`, or one by one as its manual shows."""
    from clips import Environment

    environment = Environment()
    environment.build("(defglobal ?*found* = (create$))")
    environment.build(f"(deftemplate case {' '.join(f'(slot {name})' for name in (*COMPLAINT, *SIGNS))})")

    def rule(name: str, when: str) -> None:
        environment.build(f"(defrule {name} {when} => (assert (is {name})) (bind ?*found* (create$ ?*found* {name})))")

    def three_of(names: Sequence[str]) -> str:
        slots = " ".join(f"({name} ?{name})" for name in names)
        return f"(is chronic_pain) (case {slots}) (test (>= (+ {' '.join(f'?{name}' for name in names)}) 3))"

    rule("acute_strain", "(case (onset acute) (mechanism ~none))")
    rule("treat_now", "(is acute_strain) (case (hours ?h&:(<= ?h 24)))")
    rule("every_other_day", "(is acute_strain) (case (pain ?p&:(>= ?p 5)))")
    rule("chronic_pain", "(case (onset chronic))")
    rule("strength_training", "(is chronic_pain) (case (muscle_weakness 1) (muscle_imbalance 0))")
    rule("egoscue_first", "(is chronic_pain) (case (muscle_imbalance 1))")
    rule("herniated_disk", "(case (disk_herniation 1))")
    rule("kidney_yin", three_of(YIN))
    rule("kidney_yang", three_of(YANG))
    rule("damp_heat", "(is chronic_pain) (case (dampness 1) (heat 1))")
    rule("damp_cold", "(is chronic_pain) (case (dampness 1) (feeling_cold 1) (heat 0))")
    for one in drawn:
        needs = (one.earlier, *one.symptoms) if one.earlier else one.symptoms
        rule(one.conclusion, " ".join(f"(is {name})" for name in needs))

    def prepare(case: Case) -> Any:
        slots = [f"({name} {value})" for name, value in case.complaint.items()]
        slots += [f"({name} {int(there)})" for name, there in case.signs.items()]
        said = [f"(case {' '.join(slots)})", *(f"(is {name})" for name in case.symptoms)]
        return f"(progn (reset) (assert {' '.join(said)}) (run) ?*found*)" if at_once else said

    def one_by_one(said: list[str]) -> Any:
        environment.reset()
        for fact in said:
            environment.assert_string(fact)
        environment.run()
        return environment.eval("?*found*")

    name = "clipspy, facts in one eval" if at_once else "clipspy, fact by fact"
    return Contender(name, prepare, environment.eval if at_once else one_by_one)


def zen_model(drawn: Sequence[Drawn]) -> str:
    """Knowledge base A, or B, as one expression node of zen-engine; each expression may read those before it."""

    def three_of(names: Sequence[str]) -> str:
        return " + ".join(f"({name} ? 1 : 0)" for name in names) + " >= 3"

    written = {
        "acute_strain": "onset == 'acute' and mechanism != 'none'",
        "treat_now": "$.acute_strain and hours <= 24",
        "every_other_day": "$.acute_strain and pain >= 5",
        "chronic_pain": "onset == 'chronic'",
        "strength_training": "$.chronic_pain and muscle_weakness and not muscle_imbalance",
        "egoscue_first": "$.chronic_pain and muscle_imbalance",
        "herniated_disk": "disk_herniation",
        "kidney_yin": f"$.chronic_pain and ({three_of(YIN)})",
        "kidney_yang": f"$.chronic_pain and ({three_of(YANG)})",
        "damp_heat": "$.chronic_pain and dampness and heat",
        "damp_cold": "$.chronic_pain and dampness and feeling_cold and not heat",
    }
    for rule in drawn:
        needs = [f"has.{name} == true" for name in rule.symptoms] + ([f"$.{rule.earlier}"] if rule.earlier else [])
        written[rule.conclusion] = " and ".join(needs)
    expressions = [{"id": name, "key": name, "value": value} for name, value in written.items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {
            "id": "rules", "name": "rules", "type": "expressionNode", "position": {"x": 0, "y": 0},
            "content": {"expressions": expressions},
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
    ]  # fmt: skip
    edges = [{"id": "1", "sourceId": "in", "targetId": "rules"}, {"id": "2", "sourceId": "rules", "targetId": "out"}]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def zen_case(case: Case) -> dict[str, Any]:
    return {**case.complaint, **case.signs, "has": dict.fromkeys(case.symptoms, True)}


def zen(drawn: Sequence[Drawn]) -> Contender:
    from zen import ZenEngine

    decision = ZenEngine().create_decision(zen_model(drawn))
    return Contender(
        "zen-engine",
        zen_case,
        decision.evaluate,
        lambda found: {name for name, held in found["result"].items() if held is True},
    )
