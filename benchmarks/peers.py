"""The contenders: each takes a case in the form that suits it, and gives what follows. One not installed is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from importlib.util import find_spec
from itertools import combinations
from operator import and_
from typing import Any, NamedTuple

from .rule_bases import POOL, SIGNS, YANG, YIN, Case, Drawn, knowledge_base

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
    if find_spec("datalogic_py"):
        yield datalogic(drawn)
    if len(drawn) <= 1000:
        if find_spec("zen"):
            yield zen(drawn)
        if find_spec("business_rules"):
            yield business_rules(drawn)
        if find_spec("durable"):
            yield durable_rules(drawn)


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


def datalogic(drawn: Sequence[Drawn]) -> Contender:
    """datalogic-py, which evaluates and does not chain: every conclusion is written out down to the facts."""
    from datalogic_py import Engine

    def var(name: str) -> dict[str, Any]:
        return {"var": name}

    def three_of(names: Sequence[str]) -> dict[str, Any]:
        return {">=": [{"+": [{"if": [var(name), 1, 0]} for name in names]}, 3]}

    strain = {"and": [{"==": [var("onset"), "acute"]}, {"!=": [var("mechanism"), "none"]}]}
    chronic = {"==": [var("onset"), "chronic"]}
    written: dict[str, Any] = {
        "acute_strain": strain,
        "treat_now": {"and": [strain, {"<=": [var("hours"), 24]}]},
        "every_other_day": {"and": [strain, {">=": [var("pain"), 5]}]},
        "chronic_pain": chronic,
        "strength_training": {"and": [chronic, var("muscle_weakness"), {"!": [var("muscle_imbalance")]}]},
        "egoscue_first": {"and": [chronic, var("muscle_imbalance")]},
        "herniated_disk": var("disk_herniation"),
        "kidney_yin": {"and": [chronic, three_of(YIN)]},
        "kidney_yang": {"and": [chronic, three_of(YANG)]},
        "damp_heat": {"and": [chronic, var("dampness"), var("heat")]},
        "damp_cold": {"and": [chronic, var("dampness"), var("feeling_cold"), {"!": [var("heat")]}]},
    }
    for rule in drawn:
        needs = [var(f"has.{name}") for name in rule.symptoms]
        written[rule.conclusion] = {"and": [*needs, written[rule.earlier]] if rule.earlier else needs}
    names = list(written)
    engine = Engine()
    compiled = engine.compile([{"!!": [written[name]]} for name in names])
    session = engine.session()
    return Contender(
        "datalogic-py, conclusions written out",
        zen_case,
        lambda data: session.evaluate(compiled, data),
        lambda held: {name for name, holds in zip(names, held, strict=True) if holds},
    )


def business_rules(drawn: Sequence[Drawn]) -> Contender:
    """business-rules, which goes once through its rules: each stands after those that it needs."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable, string_rule_variable

    class Now:
        """One case under way."""

        said: dict[str, Any]
        found: list[str]

    now = Now()

    def said(name: str) -> Callable[[Any], Any]:
        return lambda self: now.said.get(name, False)

    def is_found(name: str) -> Callable[[Any], Any]:
        return lambda self: name in now.found

    def count(names: Sequence[str]) -> Callable[[Any], Any]:
        return lambda self: sum(now.said[name] for name in names)

    earlier = {"acute_strain", "chronic_pain", *(rule.earlier for rule in drawn if rule.earlier)}
    variables: dict[str, Any] = {name: boolean_rule_variable()(said(name)) for name in (*SIGNS, *POOL)}
    variables |= {name: boolean_rule_variable()(is_found(name)) for name in earlier}
    variables |= {name: string_rule_variable()(said(name)) for name in ("onset", "mechanism")}
    variables |= {name: numeric_rule_variable()(said(name)) for name in ("hours", "pain")}
    variables |= {"yin": numeric_rule_variable()(count(YIN)), "yang": numeric_rule_variable()(count(YANG))}
    asked = type("Asked", (BaseVariables,), variables)()

    class Acts(BaseActions):
        @rule_action(params={"name": FIELD_TEXT})
        def conclude(self, name: str) -> None:
            now.found.append(name)

    def test(name: str, operator: str = "is_true", value: Any = True) -> dict[str, Any]:
        return {"name": name, "operator": operator, "value": value}

    strain, chronic = test("acute_strain"), test("chronic_pain")
    written: dict[str, list[dict[str, Any]]] = {
        "acute_strain": [
            test("onset", "equal_to", "acute"),
            {"any": [test("mechanism", "equal_to", "lifting"), test("mechanism", "equal_to", "fall")]},
        ],
        "treat_now": [strain, test("hours", "less_than_or_equal_to", 24)],
        "every_other_day": [strain, test("pain", "greater_than_or_equal_to", 5)],
        "chronic_pain": [test("onset", "equal_to", "chronic")],
        "strength_training": [chronic, test("muscle_weakness"), test("muscle_imbalance", "is_false")],
        "egoscue_first": [chronic, test("muscle_imbalance")],
        "herniated_disk": [test("disk_herniation")],
        "kidney_yin": [chronic, test("yin", "greater_than_or_equal_to", 3)],
        "kidney_yang": [chronic, test("yang", "greater_than_or_equal_to", 3)],
        "damp_heat": [chronic, test("dampness"), test("heat")],
        "damp_cold": [chronic, test("dampness"), test("feeling_cold"), test("heat", "is_false")],
    }
    for rule in drawn:
        written[rule.conclusion] = [test(name) for name in ((rule.earlier,) if rule.earlier else ()) + rule.symptoms]
    rules = [
        {"conditions": {"all": needs}, "actions": [{"name": "conclude", "params": {"name": name}}]}
        for name, needs in written.items()
    ]
    acts = Acts()

    def run(data: dict[str, Any]) -> list[str]:
        now.said, now.found = data, []
        run_all(rule_list=rules, defined_variables=asked, defined_actions=acts)
        return now.found

    return Contender("business-rules", lambda case: {**flat(case), **dict.fromkeys(case.symptoms, True)}, run)


def durable_rules(drawn: Sequence[Drawn]) -> Contender:
    """durable-rules: a case is one fact, what is concluded are others."""
    from durable.lang import assert_fact, c, delete_state, m, ruleset, when_all

    found: list[str] = []
    name = f"drawn_{len(drawn)}"

    def rule(conclusion: str, *when: Any) -> None:
        def conclude(context: Any) -> None:
            if conclusion not in found:
                found.append(conclusion)
                context.assert_fact({"is": conclusion})

        when_all(*when)(conclude)

    def signs(*names: str) -> Any:
        return reduce(and_, [getattr(m, sign) == 1 for sign in names])

    def with_(earlier: str, of_case: Any) -> tuple[Any, Any]:
        return c.earlier << (getattr(m, "is") == earlier), c.case << of_case

    with ruleset(name):
        when_all(m.case == 1)(lambda context: None)
        when_all(+getattr(m, "is"))(lambda context: None)
        rule("acute_strain", (m.onset == "acute") & (m.mechanism != "none"))
        rule("treat_now", *with_("acute_strain", m.hours <= 24))
        rule("every_other_day", *with_("acute_strain", m.pain >= 5))
        rule("chronic_pain", m.onset == "chronic")
        rule("strength_training", *with_("chronic_pain", (m.muscle_weakness == 1) & (m.muscle_imbalance == 0)))
        rule("egoscue_first", *with_("chronic_pain", signs("muscle_imbalance")))
        rule("herniated_disk", signs("disk_herniation"))
        for conclusion, names in (("kidney_yin", YIN), ("kidney_yang", YANG)):
            for three in combinations(names, 3):  # it adds no more than two numbers, and has no count
                rule(conclusion, *with_("chronic_pain", signs(*three)))
        rule("damp_heat", *with_("chronic_pain", signs("dampness", "heat")))
        rule("damp_cold", *with_("chronic_pain", (m.dampness == 1) & (m.feeling_cold == 1) & (m.heat == 0)))
        for one in drawn:
            if one.earlier:
                rule(one.conclusion, *with_(one.earlier, signs(*one.symptoms)))
            else:
                rule(one.conclusion, signs(*one.symptoms))

    def run(case: dict[str, Any]) -> list[str]:
        found.clear()
        assert_fact(name, case)
        delete_state(name, "0")
        return list(found)

    def prepare(case: Case) -> dict[str, Any]:
        signs = {sign: int(there) for sign, there in case.signs.items()}
        return {"case": 1, **case.complaint, **signs, **dict.fromkeys(case.symptoms, 1)}

    return Contender("durable-rules", prepare, run)
