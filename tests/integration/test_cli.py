"""The command line: what it prints, and that bad input gets one clear line and exit status 2."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

import backpain_rules
from backpain_rules.cli import main

CASES = Path(__file__).parents[2] / "examples" / "cases"
LIFTING = str(CASES / "lifting_strain.json")
ACUPUNCTURE = ("--pack", "acupuncture")
CHRONIC = [{"type": "pain", "region": "lumbar", "severity": 5, "duration": "P30W"}]

CLINIC = dedent("""
    from datetime import timedelta

    from backpain_rules import (
        Caution, Pack, Pain, Recommendation, Rule, Source, any_of, conclude, condition, each, exists, extend, hookimpl,
        intervention, never, parameter, phrase, sign_set, at_least, symptom, all_of, not_, unless,
    )

    HANDBOOK = Source(
        "handbook", "The clinic's handbook",
        {"H1": "heat", "H2": "weeks", "H3": "a story", "H4": "never both", "H5": "more signs", "H6": "a cold day", "H7": "lost"},
        standing={"H2": "disputed"}, unused={"H3": "a story, and no advice"},
    )
    REST, HEAT_PACK = intervention("rest", "Rest"), intervention("heat_pack", "Heat pack")
    STIFF, SORE, NUMB = (symptom(id, id.title(), ask=f"Are you {id}?") for id in ("stiff", "sore", "numb"))
    STIFFNESS = condition("stiffness", "Stiffness")
    SIGNS = sign_set("stiff_signs", STIFF, SORE)
    ENOUGH = parameter("enough", 1, "signs that are enough", ge=1, le=3)
    SHARE = parameter("share", 0.5, "a share", ge=0.0, le=1.0)
    LONG = parameter("long", timedelta(weeks=2), "pain this long is long (H2)", ge=timedelta(days=1))
    pain = each(Pain)
    stiffness = Rule("stiffness", when=at_least(ENOUGH, SIGNS), then=STIFFNESS.finding(), source=HANDBOOK["H1"])
    warmth = Rule(
        "warmth", when=all_of(STIFFNESS, unless(NUMB)), source=HANDBOOK["H1"], note="see handbook:H6",
        then=HEAT_PACK.recommend(for_condition=STIFFNESS, frequency="twice_a_day"),
    )
    for_long = Rule(
        "for-long", when=all_of(pain.duration >= LONG, STIFFNESS), source=HANDBOOK["H1"],
        then=HEAT_PACK.recommend(for_condition=STIFFNESS, course=phrase("{long} and more", LONG)),
    )
    no_heat = Rule("no-heat", when=NUMB, overrides=warmth, then=conclude(Caution, about="burns", text="may not be felt"))
    PACK = Pack(
        "clinic", version="2.1", title="Our clinic", sources=[HANDBOOK], rules=[stiffness, warmth, for_long, no_heat],
        constraints=[never("stiff-and-numb", STIFF, NUMB, source=HANDBOOK["H4"])],
        extends=[extend(SIGNS, symptom("creaking", "Creaking", ask="Does it creak?"), source=HANDBOOK["H5"])],
        parameters=[ENOUGH, SHARE, LONG],
    )

    @hookimpl
    def backpain_rules_pack() -> Pack:
        return PACK
""")

Command = Callable[..., "tuple[int, str, str]"]
WriteCase = Callable[[object], str]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line; gives exit status, standard output and standard error."""

    def run(*argv: str) -> tuple[int, str, str]:
        status = main(argv)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def case(tmp_path: Path) -> WriteCase:
    """Writes a case of these facts, or this very text or these bytes, and gives the name of the file."""

    def write(content: object) -> str:
        file = tmp_path / "case.json"
        if isinstance(content, list):
            content = json.dumps({"facts": content})
        file.write_bytes(content if isinstance(content, bytes) else str(content).encode())
        return str(file)

    return write


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Installs a distribution with one pack, as pip would leave it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def distribution(name: str, source: str) -> None:
        (site / f"{name}_pack.py").write_text(source)
        info = site / f"{name}_dist-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[backpain_rules.packs]\n{name} = {name}_pack\n")
        monkeypatch.delitem(sys.modules, f"{name}_pack", raising=False)

    return distribution


@pytest.fixture
def clinic(install: Callable[[str, str], None]) -> None:
    install("clinic", CLINIC)


# --- assess -----------------------------------------------------------------------------------------------------------


def test_an_emergency_comes_first_and_then_other_referrals(command: Command, case: WriteCase) -> None:
    facts = [
        {"type": "pain", "region": "lumbar"},
        *({"type": "symptom", "term": t} for t in ("saddle_anaesthesia", "weak_knees")),
    ]
    for explain in ((), ("--explain",)):
        _, out, _ = command("assess", case(facts), "--pack", "red_flags", *explain)
        assert out.startswith("!! EMERGENCY !!\n")
        headings = re.findall(r"^(?:!! )?[A-Z]\w+", out, re.MULTILINE)
        assert headings == ["!! EMERGENCY", "Referrals", "Findings", "Cautions", "Undecided"]
        assert out.count("because rule red_flags:cauda-equina\n") == len(explain)


def test_a_case_is_assessed_as_text(command: Command) -> None:
    status, out, err = command("assess", LIFTING, *ACUPUNCTURE)
    assert (status, err) == (0, "")
    assert "Findings\n  acute_strain (lumbar)  [firm]\n  blood_stagnation (lumbar)  [firm]\n" in out
    assert "Recommendations\n  acupuncture for acute_strain  [firm]\n" in out
    assert "frequency: every other day\n      until: pain below 5/10\n" in out
    assert "\033" not in out


def test_an_explanation_names_every_rule_with_its_facts_numbers_and_statements(command: Command) -> None:
    _, out, _ = command("assess", LIFTING, *ACUPUNCTURE, "--explain")
    assert "blood_stagnation (lumbar)  [firm]\n└─ because rule acupuncture:blood-stagnation\n" in out
    assert "+ injury lumbar, mechanism lifting, since 6 h  <- stated" in out
    assert "+ injury lumbar: since <= 24 h  <- injury lumbar, mechanism lifting, since 6 h" in out
    assert "with acupuncture:acute_window = 24 h" in out
    told = {block.split(None, 1)[0].rstrip(","): block for block in out.split("because rule acupuncture:")[1:]}
    assert "gives timing: " in told["start-early"]
    assert "gives frequency: every other day, until: pain below 5/10" in told["course-of-treatment"]
    for rule, cited in (("start-early", "B2"), ("course-of-treatment", "B12"), ("course-of-treatment", "B13")):
        assert f"source article:{cited}: " in told[rule]
    assert "source article:B8: " in told["herbs-for-strain"]
    assert "herbal_plaster for acute_strain" in out
    assert "herbs_internal for acute_strain" in out


def test_a_derivation_is_printed_once_and_then_referred_to(command: Command) -> None:
    _, out, _ = command("assess", LIFTING, *ACUPUNCTURE, "--explain")
    assert out.count("because rule acupuncture:acute-strain") == 1
    assert "+ acute_strain (lumbar)  [firm], as above\n" in out


def test_a_negation_is_explained_by_the_facts_that_decide_it(command: Command) -> None:
    _, out, _ = command("assess", LIFTING, *ACUPUNCTURE, "--explain")
    (line,) = (line for line in out.splitlines() if "+ unless(" in line)
    assert line.endswith("<- pain lumbar, severity 8, duration 6 h")


@pytest.mark.usefixtures("clinic")
def test_a_provisional_conclusion_says_what_it_rests_on(command: Command, case: WriteCase) -> None:
    _, out, _ = command("assess", case([{"type": "symptom", "term": "stiff"}]), "--pack", "clinic")
    assert "  stiffness  [firm]\n" in out
    assert (
        "  heat_pack for stiffness  [provisional]\n      frequency: twice a day\n      rests on what is not known: numb\n" in out
    )


@pytest.mark.usefixtures("clinic")
def test_what_is_undecided_stands_with_what_it_needs(command: Command, case: WriteCase) -> None:
    _, out, _ = command("assess", case([]), "--pack", "clinic")
    assert out.startswith("Nothing follows from these facts.\n\nUndecided: ")
    assert "  caution burns\n      needs numb\n" in out
    assert "  stiffness\n      needs creaking, sore, stiff\n" in out


@pytest.mark.usefixtures("clinic")
def test_conflicts_are_listed_with_their_facts_and_explained_with_their_source(command: Command, case: WriteCase) -> None:
    both = case([{"type": "symptom", "term": "stiff"}, {"type": "symptom", "term": "numb"}])
    _, out, _ = command("assess", both, "--pack", "clinic", "--explain")
    assert "Conflicts\n  clinic:stiff-and-numb: never (stiff, numb): numb | stiff\n      source handbook:H4: never both\n" in out


def test_json_output_is_the_result_as_json(command: Command) -> None:
    status, out, _ = command("assess", LIFTING, "--format", "json")
    kb = backpain_rules.KnowledgeBase.load()
    assert status == 0
    assert out == kb.assess(kb.read_case(Path(LIFTING).read_bytes())).to_json(indent=2) + "\n"


def test_engines_agree(command: Command) -> None:
    assert command("assess", LIFTING, "--engine", "reference") == command("assess", LIFTING, "--engine", "native")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_a_dash_reads_the_case_from_standard_input(command: Command, monkeypatch: pytest.MonkeyPatch, mark: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mark + Path(LIFTING).read_bytes())))
    assert command("assess", "-") == command("assess", LIFTING)


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize("value", ["8 weeks", "P8W", "1344 h", "56 days", "P56D"])
def test_a_time_is_written_as_one_says_it_or_in_iso_8601(command: Command, case: WriteCase, value: str) -> None:
    facts = case([*CHRONIC, {"type": "symptom", "term": "sore"}])
    _, out, _ = command("assess", facts, "--pack", "clinic", "--set", f"clinic:long={value}", "--explain")
    assert "with clinic:long = 8 weeks" in out
    assert "course: 8 weeks and more" in out


@pytest.mark.usefixtures("clinic")
def test_a_number_changes_what_follows(command: Command, case: WriteCase) -> None:
    one_sign = case([{"type": "symptom", "term": "sore"}])
    assert "Findings" in command("assess", one_sign, "--pack", "clinic", "--set", "clinic:share=1")[1]
    assert "Findings" not in command("assess", one_sign, "--pack", "clinic", "--set", "clinic:enough=2")[1]


def test_colour_is_for_those_who_look_and_want_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\033[32m[firm]\033[0m" in command("assess", LIFTING)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in command("assess", LIFTING)[1]


def test_on_a_terminal_lines_are_broken_to_fit(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "72")
    narrow = command("assess", LIFTING, *ACUPUNCTURE, "--explain")[1].partition("Undecided")[0]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    wide = command("assess", LIFTING, *ACUPUNCTURE, "--explain")[1].partition("Undecided")[0]
    assert max(map(len, narrow.splitlines())) <= 72 < max(map(len, wide.splitlines()))
    assert re.sub(r"[\s│]+", " ", narrow) == re.sub(r"[\s│]+", " ", wide)


def test_what_a_terminal_would_obey_is_shown_as_an_escape(command: Command, case: WriteCase) -> None:
    facts = [{"type": "injury", "region": "neck", "mechanism": "fall\033[2J\n"}, {"type": "pain", "region": "neck"}]
    _, out, _ = command("assess", case(facts), "--explain")
    assert r"mechanism fall\x1b[2J\n" in out


# --- bad input --------------------------------------------------------------------------------------------------------

BAD_CASES = [
    ("no file", None, "nowhere.json: No such file or directory"),
    ("not JSON", '{"facts": [', "this is not JSON: expecting value at line 1, column 12"),
    ("not UTF-8", b'{"facts": [\xff]}', "this is not UTF-8 text, as JSON must be: byte 11 is 0xff"),
    ("empty", "", "this is not JSON"),
    ("a list", "[]", 'a case is an object with a list called "facts"'),
    ("a misspelt term", [{"type": "symptom", "term": "nigth_sweats"}], "did you mean 'night_sweats' (pack acupuncture)?"),
    ("an unknown type", [{"type": "pian", "region": "lumbar"}], "did you mean 'pain'?"),
    ("an unknown field", [{"type": "pain", "region": "lumbar", "severety": 3}], "did you mean 'severity'?"),
    ("an impossible value", [{"type": "pain", "region": "lumbar", "severity": 11}], "facts[0]: Pain.severity cannot be 11"),
    (
        "a contradiction",
        [*CHRONIC, {"type": "pain", "region": "lumbar"}],
        "two facts say different things of Pain(region='lumbar')",
    ),
    ("a conclusion", [{"type": "finding", "condition": "acute_strain"}], "Finding is concluded by rules"),
    ("control characters", [{"type": "\033[2J\n"}], r"\x1b[2J"),
]


@pytest.mark.parametrize(("content", "said"), [bad[1:] for bad in BAD_CASES], ids=[bad[0] for bad in BAD_CASES])
def test_a_bad_case_gets_one_line_that_names_the_file_and_what_is_wrong(
    command: Command, case: WriteCase, tmp_path: Path, content: object, said: str
) -> None:
    file = str(tmp_path / "nowhere.json") if content is None else case(content)
    status, out, err = command("assess", file)
    assert (status, out) == (2, "")
    assert err.startswith(f"backpain-rules: error: {file}: ")
    assert said in err
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "\033" not in err


BAD_OPTIONS = [
    ([], "the following arguments are required: COMMAND; see 'backpain-rules --help'"),
    (["asses", LIFTING], "invalid choice: 'asses'"),
    (["assess"], "the following arguments are required: CASE; see 'backpain-rules assess --help'"),
    (["assess", LIFTING, "--explian"], "unrecognized arguments: --explian"),
    (["assess", LIFTING, "--format", "xml"], "invalid choice: 'xml'"),
    (["assess", LIFTING, "--language", "fr"], "no loaded pack has words in 'fr'; there are en, zh-Hans"),
    (["graph", "acupuncture:kidny-yin"], "no loaded pack or rule is called 'acupuncture:kidny-yin'; did you mean"),
    (["assess", str(CASES)], f"{CASES}: Is a directory"),
    (["assess", LIFTING, "--pack", "acupunture"], "no installed pack is called 'acupunture'; did you mean 'acupuncture'?"),
    (["rules", "--pack", "acupunture"], "no installed pack is called 'acupunture'; did you mean 'acupuncture'?"),
    (["assess", LIFTING, "--engine", "nativ"], "no engine is called 'nativ'; did you mean 'native'?"),
    (["assess", LIFTING, "--set", "min_signs=2"], "has a parameter 'min_signs'; did you mean 'acupuncture:min_signs'?"),
    (["assess", LIFTING, "--set", "acupuncture:min_signs"], "--set takes PACK:PARAM=VALUE, not 'acupuncture:min_signs'"),
    (["assess", LIFTING, "--set", "acupuncture:min_signs=two"], "acupuncture:min_signs: 'two' is not a whole number"),
    (["assess", LIFTING, "--set", "acupuncture:min_signs=2.5"], "acupuncture:min_signs: '2.5' is not a whole number"),
    (["assess", LIFTING, "--set", "acupuncture:min_signs=0"], "'min_signs' must be at least 1 and at most 5, not 0"),
    (["assess", LIFTING, "--set", "acupuncture:chronic_after=8"], "acupuncture:chronic_after: '8': write a duration such as P3D"),
    (["assess", LIFTING, "--set", "acupuncture:chronic_after=1e30 weeks"], "'1e30 weeks': write a duration such as P3D"),
    (["assess", LIFTING, "--set", "acupuncture:chronic_after=1 week"], "'chronic_after' must be at least 4 weeks and at most"),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "said"), BAD_OPTIONS, ids=[" ".join(argv[:1] + argv[2:]) for argv, _ in BAD_OPTIONS])
def test_a_bad_option_gets_one_line_that_says_what_is_wrong(command: Command, argv: list[str], said: str) -> None:
    status, out, err = command(*argv)
    assert (status, out) == (2, "")
    assert err.startswith("backpain-rules: error: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("clinic")
def test_a_share_is_a_number_and_within_its_bounds(command: Command) -> None:
    assert "clinic:share: 'half' is not a number" in command("assess", LIFTING, "--set", "clinic:share=half")[2]
    assert "parameter 'share' is a number, not nan" in command("assess", LIFTING, "--set", "clinic:share=nan")[2]


def test_a_broken_pack_that_nobody_asked_for_is_one_warning(command: Command, install: Callable[[str, str], None]) -> None:
    whole = command("assess", LIFTING)
    install("faulty", "1 / 0")
    status, out, err = command("assess", LIFTING)
    assert (status, out) == whole[:2]
    assert err.startswith("backpain-rules: warning: entry point 'faulty' of faulty-dist 1.0: ")
    assert "ZeroDivisionError" in err
    assert err.count("\n") == 1


def test_a_pack_that_does_not_fit_the_others_is_one_warning_too(command: Command, install: Callable[[str, str], None]) -> None:
    whole = command("assess", LIFTING)
    install("misfit", CLINIC.replace("overrides=warmth", 'overrides="clinic:wormth"'))
    status, out, err = command("assess", LIFTING)
    assert (status, out) == whole[:2]
    assert err.startswith("backpain-rules: warning: pack 'clinic' of misfit-dist 1.0 does not fit the others: ")
    assert err.count("\n") == 1
    assert "broken: pack 'clinic' of misfit-dist 1.0 does not fit" in command("packs")[1]


def test_a_broken_pack_that_was_asked_for_is_an_error(command: Command, install: Callable[[str, str], None]) -> None:
    install("faulty", "1 / 0")
    status, out, err = command("assess", LIFTING, "--pack", "faulty")
    assert (status, out) == (2, "")
    assert err.startswith("backpain-rules: error: entry point 'faulty' of faulty-dist 1.0: ")
    assert command("assess", LIFTING, "--pack", "acupuncture")[2] == ""


# --- packs and rules --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clinic")
def test_packs_are_listed_with_where_they_come_from(command: Command, install: Callable[[str, str], None]) -> None:
    install("faulty", "1 / 0")
    status, out, err = command("packs")
    assert (status, err) == (0, "")
    header, acupuncture, clinic, red_flags, tcm_signs, broken = out.splitlines()
    assert header.split() == ["Pack", "Version", "Rules", "Distribution", "Title"]
    assert [line.split()[0] for line in (acupuncture, red_flags, tcm_signs)] == ["acupuncture", "red_flags", "tcm_signs"]
    assert re.split("  +", clinic) == ["clinic", "2.1", "4", "clinic-dist 1.0", "Our clinic"]
    assert broken.startswith("broken: entry point 'faulty' of faulty-dist 1.0: ")


@pytest.mark.usefixtures("clinic")
def test_a_rule_is_shown_as_its_author_wrote_it(command: Command) -> None:
    status, out, _ = command("rules", "--pack", "clinic")
    shown = {text.partition("\n")[0]: text.splitlines()[1:] for text in out.strip().split("\n\n")}
    assert status == 0
    assert list(shown) == ["clinic:for-long", "clinic:no-heat", "clinic:stiffness", "clinic:warmth"]
    assert [line.strip() for line in shown["clinic:for-long"]] == [
        "when          all_of(pain.duration >= long, stiffness)",
        "then          Recommendation(intervention='heat_pack', for_condition='stiffness', course='{long} and more')",
        "with          clinic:long = 2 weeks",
        "source        handbook:H1: heat",
    ]
    assert "  overrides     clinic:warmth" in shown["clinic:no-heat"]
    assert "  overridden by clinic:no-heat" in shown["clinic:warmth"]
    assert "  note          see handbook:H6" in shown["clinic:warmth"]


@pytest.mark.usefixtures("clinic")
def test_the_rules_as_json_say_the_same(command: Command) -> None:
    _, out, _ = command("rules", "--pack", "clinic", "--format", "json")
    rules = {rule["id"]: rule for rule in json.loads(out)}
    assert rules["clinic:warmth"] == {
        "id": "clinic:warmth",
        "when": "all_of(stiffness, unless(numb))",
        "then": ["Recommendation(intervention='heat_pack', for_condition='stiffness', frequency='twice_a_day')"],
        "sources": ["handbook:H1"],
        "overridden_by": ["clinic:no-heat"],
        "note": "see handbook:H6",
    }


def test_a_pattern_that_narrows_a_fact_is_shown(command: Command) -> None:
    _, out, _ = command("rules", "--pack", "acupuncture")
    rule = out.partition("acupuncture:blood-stagnation\n")[2].partition("\n\n")[0]
    assert "each          finding = each(Finding, condition='acute_strain')\n  when          finding\n" in rule


@pytest.mark.usefixtures("clinic")
def test_each_statement_of_a_source_is_shown_with_what_it_became_and_a_lost_one_is_a_fault(command: Command) -> None:
    status, out, _ = command("rules", "--pack", "clinic", "--by-source")
    assert status == 1
    statements, unasked, *_, total = out.split("\n\n")
    assert statements.splitlines() == [
        "handbook: The clinic's handbook",
        "  H1  heat",
        "      rule clinic:stiffness",
        "      rule clinic:warmth",
        "      rule clinic:for-long",
        "  H2 (disputed)  weeks",
        "      parameter clinic:long",
        "  H3  a story",
        "      unused: a story, and no advice",
        "  H4  never both",
        "      constraint clinic:stiff-and-numb",
        "  H5  more signs",
        "      extension by clinic of stiff_signs",
        "  H6  a cold day",
        "      note of rule clinic:warmth",
        "  H7  lost",
        "      MISSING: nothing cites it, and the source gives no reason under `unused`",
    ]
    assert "  rule clinic:stiffness asks symptom stiff; no word of it is in handbook:H1" in unasked.splitlines()
    assert total == "7 statements, 1 of them MISSING\n"


@pytest.mark.usefixtures("clinic")
def test_by_source_as_json_marks_the_lost_statement(command: Command) -> None:
    status, out, _ = command("rules", "--pack", "clinic", "--by-source", "--format", "json")
    assert status == 1
    assert [ending["statement"] for ending in json.loads(out)["statements"] if ending["missing"]] == ["H7"]


def test_every_statement_of_the_shipped_packs_ended_somewhere(command: Command) -> None:
    status, out, _ = command("rules", "--pack", "acupuncture", "--pack", "red_flags", "--pack", "tcm_signs", "--by-source")
    assert status == 0
    assert "MISSING" not in out
    assert out.endswith(" statements, none missing\n")


# --- as a program -----------------------------------------------------------------------------------------------------


def as_program(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backpain_rules", *argv]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, **environment})


def test_the_module_runs_as_a_program() -> None:
    done = as_program("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"backpain-rules {backpain_rules.__version__}\n", "")
    assert as_program("assess", "nowhere.json").returncode == 2


def test_a_terminal_that_cannot_show_a_tree_gets_its_text(command: Command) -> None:
    done = as_program("assess", LIFTING, "--explain", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "?? because rule acupuncture:acute-strain" in done.stdout


def test_help_and_version_need_nothing_but_the_standard_library() -> None:
    program = "import sys; from backpain_rules.cli import main; main(['--help']); assert 'pydantic' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "backpain_rules", "rules"], stdout=closed, stderr=subprocess.PIPE, encoding="utf-8"
        )
    assert (done.returncode, done.stderr) == (0, "")


# --- interview --------------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes standard input these lines."""

    def lines(*given: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in given)))

    return lines


def command_of_practitioner(command: Command, typed: Callable[..., None]) -> str:
    typed("q")
    return command("interview", *ACUPUNCTURE, "--audience", "practitioner")[1]


@pytest.mark.parametrize(("word", "asks_on"), [("n", False), ("", False), ("y", True)], ids=["no", "nothing", "yes"])
def test_an_emergency_is_told_at_once_and_the_interview_goes_on_only_if_somebody_wants_to(
    command: Command, typed: Callable[..., None], case: WriteCase, word: str, asks_on: bool
) -> None:
    known = case([{"type": "symptom", "term": "saddle_anaesthesia"}])
    typed(*([word] if word else []), *["?"] * asks_on)
    status, out, _ = command("interview", known, "--pack", "red_flags")
    assert status == 0
    assert out.startswith("\n!! EMERGENCY !!\n   Referral to emergency department, for: Cauda equina syndrome\n")
    assert "Stop here and get help now." in out
    assert ("\nQuestion 1, " in out) == asks_on


def test_an_interview_asks_says_why_and_ends_with_the_result(command: Command, typed: Callable[..., None]) -> None:
    typed(*["n"] * 60)
    status, out, err = command("interview", *ACUPUNCTURE)
    assert (status, err) == (0, "")
    assert re.match(r"\nQuestion 1, at most \d+ left\n1\. ", out)
    assert "helps to tell: " in out
    assert "decides on: " in command_of_practitioner(command, typed)
    assert out.endswith("Nothing follows from these facts.\n")


def test_an_interview_goes_on_where_it_was_saved(command: Command, typed: Callable[..., None], tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    typed("y", "n", "b", "?", "q")
    status, out, err = command("interview", *ACUPUNCTURE, "--state", str(state))
    assert status == 0
    assert "stopped before the end" in err
    saved = json.loads(state.read_text(encoding="utf-8"))
    assert [answer.get("answer", "?") for answer in saved["answers"]] == [True, "?"]
    typed()
    status, out, _ = command("interview", *ACUPUNCTURE, "--state", str(state))
    assert status == 0
    assert "\n3. " in out


def test_an_interview_takes_numbers_times_sides_of_a_threshold_and_nothing_else(
    command: Command, typed: Callable[..., None], case: WriteCase, tmp_path: Path
) -> None:
    known = case([{"type": "pain", "region": "lumbar"}, {"type": "diagnosis", "condition": "herniated_disk"}])
    state = tmp_path / "state.json"
    typed("soon", "n")
    status, out, _ = command("interview", known, *ACUPUNCTURE, "--state", str(state))
    assert status == 0
    assert "y: below 12 weeks, n: at least 12 weeks, or a time, 6 h or 12 weeks" in out
    assert "'soon' is no answer to this; y: below 12 weeks, n: at least 12 weeks, or a time, 6 h or 12 weeks" in out
    assert json.loads(state.read_text(encoding="utf-8"))["answers"][0] == {
        "question": "pain/lumbar/duration", "answer": ">=P84D", "value": "P84D",
    }  # fmt: skip
    state.unlink()
    typed("13 weeks")
    assert command("interview", known, *ACUPUNCTURE, "--state", str(state))[0] == 0
    assert json.loads(state.read_text(encoding="utf-8"))["answers"][0]["answer"] == "P91D"


def test_an_interview_that_is_broken_off_keeps_what_was_answered(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Typed(io.StringIO):
        def readline(self, *size: int) -> str:  # type: ignore[override]
            line = super().readline(*size)
            if not line:
                raise KeyboardInterrupt
            return line

    state = tmp_path / "state.json"
    monkeypatch.setattr("sys.stdin", Typed("y\n"))
    status, _, err = command("interview", *ACUPUNCTURE, "--state", str(state))
    assert status == 130
    assert (
        err == f"backpain-rules: warning: stopped before the end, so conclusions may change; --state {state} takes it up again\n"
    )
    assert len(json.loads(state.read_text(encoding="utf-8"))["answers"]) == 1


@pytest.mark.parametrize(
    ("options", "state", "says"),
    [
        (["nowhere.json"], None, "nowhere.json: No such file or directory"),
        (["--language", "xx"], None, "no loaded pack has words in 'xx'"),
        ([], "{", "this is not JSON"),
        ([], "{}", "this is no saved interview; this library reads a saved interview of format 2"),
        ([LIFTING], '{"interview": 1}', "holds an interview already, with a case of its own"),
        (["--state", "nowhere/at/all.json"], None, "nowhere/at/all.json: No such file or directory"),
    ],
)
def test_an_interview_that_cannot_be_begun_says_why_in_one_line(
    command: Command, typed: Callable[..., None], tmp_path: Path, options: list[str], state: str | None, says: str
) -> None:
    typed("y")
    path = tmp_path / "state.json"
    if state is not None:
        path.write_text(state, encoding="utf-8")
        options = [*options, "--state", str(path)]
    status, _, err = command("interview", *ACUPUNCTURE, *options)
    assert status == 2
    assert says in err
    assert err.count("\n") == 1


# --- why not -------------------------------------------------------------------------------------------------------------


def test_why_not_prints_the_rules_that_miss_and_the_smallest_changes(command: Command) -> None:
    status, out, err = command("assess", LIFTING, *ACUPUNCTURE, "--why-not", "chronic_pain", "--why-not", "organ_gate")
    assert (status, err) == (0, "")
    told = out.partition("Why not chronic_pain")[2]
    assert "- pain lumbar: duration >= 12 weeks  <- pain lumbar, severity 8, duration 6 h" in told
    assert "\n  pain lumbar: duration 6 h -> 12 weeks\n" in told
    assert "\n  pain lumbar: severity 8 -> 3, duration 6 h -> 12 weeks\n" in told.partition("Why not organ_gate")[2]


def test_why_not_is_in_the_json_too(command: Command) -> None:
    _, out, _ = command("assess", LIFTING, *ACUPUNCTURE, "--why-not", "chronic_pain", "--format", "json")
    [told] = json.loads(out)["why_not"]
    assert told["asked"] == "chronic_pain"
    assert told["changes"][0]["replace"][0]["duration"] == "P84D"
    assert told["to_ask"] == [[{"type": "pain", "region": "neck", "slot": "duration"}]]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--why-not", "acute_strain"), "--why-not acute_strain: it is concluded (acute_strain (lumbar)); --explain shows why"),
        (("--why-not", "chronic_pian"), "no loaded pack concludes or declares 'chronic_pian'; did you mean 'chronic_pain'?"),
        (("--why-not", "thirst"), "'thirst' is a symptom, no conclusion"),
        (("--why-not", "chronic_pain", "--format", "html"), "--why-not is shown as text and json, not as html"),
    ],
)
def test_why_not_of_what_has_no_answer_is_one_line(command: Command, options: tuple[str, ...], complaint: str) -> None:
    status, out, err = command("assess", LIFTING, *ACUPUNCTURE, *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert complaint in err


def test_without_the_extra_why_not_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    status, out, _ = command("assess", LIFTING, *ACUPUNCTURE, "--why-not", "chronic_pain")
    assert status == 0
    assert "1 fact away" in out
    assert "pip install 'backpain-rules[prove]'" in out
