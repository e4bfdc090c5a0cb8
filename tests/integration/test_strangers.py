"""Whatever is wrong with the pack of a stranger, `backpain-rules packs` says so in one line, and the others work as before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from backpain_rules import KnowledgeBase, PackError
from backpain_rules.cli import main

SHIPPED = ["acupuncture", "red_flags", "tcm_signs"]
CASE = str(Path(__file__).parents[2] / "examples" / "cases" / "kidney_yin.json")

GOOD = dedent("""
    from backpain_rules import Fact, Key, Pack, Rule, condition, extend, hookimpl, symptom, unless

    CREAKING = symptom("creaking", "Creaking", ask="Does your back creak?")
    A, B = condition("creaking_back", "Creaking back"), condition("silent_back", "Silent back")
    creaking = Rule("creaking", when=CREAKING, then=A.finding())
    MORE, EXTENDS, REQUIRES = [], [], []

    @hookimpl
    def backpain_rules_pack() -> Pack:
        rules = [creaking, *MORE]
        return Pack("stranger", version="1", title="A stranger's pack", rules=rules, extends=EXTENDS, requires=REQUIRES)
""")


def changed(old: str, new: str) -> str:
    """The good pack with one thing written otherwise."""
    assert old in GOOD
    return GOOD.replace(old, new)


def with_more(*lines: str) -> str:
    """The good pack with more lines before its hook."""
    return changed("@hookimpl", "\n".join((*lines, "@hookimpl")))


FAULTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "raises at import": (
        "raise RuntimeError('no licence')",
        ("cannot be imported: stranger_module.py, line 1: RuntimeError: no licence", "report it to the author"),
    ),
    "misspells a hook": (changed("def backpain_rules_pack", "def backpain_rules_pak"), ("did you mean 'backpain_rules_pack'",)),
    "uses what a newer library has": ("from backpain_rules import telepathy", ("another backpain-rules than the installed",)),
    "redefines a term of another": (
        changed('symptom("creaking"', 'symptom("night_sweats"'),
        ("symptom 'night_sweats' otherwise than pack 'acupuncture' does", "use that pack's term, or another id"),
    ),
    "has a fact type of another": (
        with_more("class Pain(Fact):", "    place: Key[str]", 'MORE += [Rule("pain", when=Pain, then=A.finding())]'),
        ("fact type 'pain' is already that of backpain_rules.facts.types",),
    ),
    "overrides what does not exist": (
        with_more('MORE += [Rule("quiet", when=CREAKING, then=B.finding(), overrides="acupuncture:kidny-yin")]'),
        ("overrides 'acupuncture:kidny-yin', which no loaded pack has; did you mean 'acupuncture:kidney-yin'",),
    ),
    "extends what does not exist": (
        with_more('EXTENDS += [extend("acupuncture:kidney_yin_sings", CREAKING)]'),
        ("extends sign set 'acupuncture:kidney_yin_sings', which no loaded pack has", "did you mean"),
    ),
    "ships a cycle": (
        with_more(
            'MORE += [Rule("silent", when=unless(A), then=B.finding())]',
            'MORE += [Rule("loud", when=unless(B), then=A.finding())]',
        ),
        ("stranger:loud", "stranger:silent", "each depend on the absence of the other", "(stranger_module.py, line "),
    ),
    "has the name of a shipped pack": (
        changed('Pack("stranger"', 'Pack("acupuncture"'),
        ("'acupuncture' is also the name", "which stays"),
    ),
    "requires what is not installed": (
        with_more('REQUIRES += ["acupunctre"]'),
        ("requires the pack 'acupunctre', which is not installed; did you mean 'acupuncture'",),
    ),
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    sys.modules.pop("stranger_module", None)


def install(site: Path, source: str, *, asks_for: str = "backpain-rules") -> None:
    """A distribution of strangers with one pack, as pip would leave it."""
    (site / "stranger_module.py").write_text(source)
    info = site / "stranger_dist-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stranger-dist\nVersion: 2.0\nRequires-Dist: {asks_for}\n")
    (info / "entry_points.txt").write_text("[backpain_rules.packs]\nstranger = stranger_module\n")


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main(command) == 0
    return capsys.readouterr().out


def is_reported(capsys: pytest.CaptureFixture[str], telling: tuple[str, ...]) -> None:
    """The fault is one line of `packs`, which names the distribution, and the shipped packs are all there."""
    lines = printed(capsys, "packs").splitlines()
    assert [line.split()[0] for line in lines[1:]] == [*SHIPPED, "broken:"]
    for part in ("stranger-dist 2.0", *telling):
        assert part in lines[-1]


def test_a_pack_without_a_fault_is_one_more(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, GOOD)
    assert sorted(line.split()[0] for line in printed(capsys, "packs").splitlines()[1:]) == sorted([*SHIPPED, "stranger"])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_reported_with_its_distribution_and_changes_nothing_else(
    site: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    before = printed(capsys, "assess", CASE)
    source, telling = FAULTS[fault]
    install(site, source)
    is_reported(capsys, telling)
    assert printed(capsys, "assess", CASE) == before
    (error,) = KnowledgeBase.load().broken
    assert isinstance(error, PackError)
    assert error.fields["distribution"] == "stranger-dist"


@pytest.mark.parametrize(
    "asked", ["backpain-rules>=99.1", "Backpain_Rules[prove] (>=99.1)", "backpain-rules~=99.1; python_version>'3'"]
)
def test_one_that_asks_for_a_newer_library_is_not_even_imported(
    site: Path, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    install(site, "raise SystemExit('imported')", asks_for=asked)
    is_reported(capsys, ("it asks for backpain-rules 99.1, and ", "upgrade backpain-rules"))


@pytest.mark.parametrize("asked", ["backpain-rules>=0.0.1", "backpain-rules", "other>=99", "backpain-rules>=99; extra == 'x'"])
def test_one_that_asks_for_this_library_or_an_older_one_is_loaded(site: Path, asked: str) -> None:
    install(site, GOOD, asks_for=asked)
    assert KnowledgeBase.load().broken == ()


def test_what_a_pack_prints_does_not_mix_with_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, with_more("print('hello from the pack')"))
    assert main(["assess", CASE, "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["findings"]
    assert "hello from the pack" in printed.err


@pytest.mark.parametrize("code", ["0", "1", "'bye'", ""])
def test_a_version_that_exits_is_an_error_and_never_the_result_of_diff(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    good, exits = tmp_path / "good.py", tmp_path / "exits.py"
    good.write_text(GOOD)
    exits.write_text(f"import sys\nsys.exit({code})\n")
    assert main(["diff", str(good), str(exits)]) == 2
    told = capsys.readouterr().err
    assert "exits.py cannot be loaded: exits.py, line 2: SystemExit" in told
    assert "run with --traceback for the full trace" in told


def test_traceback_shows_where_the_code_of_a_pack_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def fails():\n    raise RuntimeError('no licence')\nfails()\n")
    assert main(["diff", str(broken), str(broken), "--traceback"]) == 2
    told = capsys.readouterr().err
    assert "broken.py, line 2: RuntimeError: no licence" in told
    assert "Traceback (most recent call last)" in told


BAD = """
class Bad(BaseException):
    def __str__(self): raise SystemExit(0)
    __repr__ = __str__

"""
RAISING = {
    "at import": "raise BaseException('no licence')",
    "at import what cannot be shown": f"{BAD}raise Bad('secret')",
    "an exit": "import sys; sys.exit(0)",
    "an exit of a generator": "raise GeneratorExit",
    "without end": "def f(): f()\nf()",
    "in its hook": changed("    rules = [", "    raise BaseException('no licence')\n    rules = ["),
    "in its hook what cannot be shown": BAD + changed("    rules = [", "    raise Bad('secret')\n    rules = ["),
}
PACK_COMMANDS: dict[str, tuple[str, ...]] = {
    "assess": ("assess", CASE, "--format", "json", "--pack"),
    "cases": ("cases",),
    "check": ("check",),
    "cohort": ("cohort", "--columns", "--pack"),
    "convert": ("convert",),
    "diff": ("diff", "acupuncture"),
    "graph": ("graph", "--pack"),
    "interview": ("interview", "--pack"),
    "rules": ("rules", "--pack"),
    "schema": ("schema", "case", "--pack"),
}


@pytest.mark.parametrize("command", PACK_COMMANDS)
@pytest.mark.parametrize("fault", RAISING)
def test_every_command_says_in_one_line_that_a_file_cannot_be_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, command: str
) -> None:
    (tmp_path / "stranger.py").write_text(RAISING[fault])
    assert main([*PACK_COMMANDS[command], str(tmp_path / "stranger.py")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "stranger.py cannot be loaded: stranger.py, line " in told.err or "stranger.py: " in told.err
    assert "Traceback" not in told.err


NOISY = {
    "prints": "print('noise')\n" + changed("    rules = [", "    print('noise')\n    rules = ["),
    "takes standard output away": "import sys\nsys.stdout = None\n" + GOOD,
    "starts a thread": "from threading import Thread\none = Thread(target=print, args=['noise'])\none.start()\none.join()\n"
    + GOOD,
    "warns": "import warnings\nwarnings.simplefilter('ignore')\nwarnings.warn('noise')\n" + GOOD,
}


@pytest.mark.parametrize("command", [("schema", "case", "--pack"), ("convert", "--to", "json")])
@pytest.mark.parametrize("noise", NOISY)
def test_what_a_file_prints_or_does_to_standard_output_does_not_mix_with_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], noise: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "stranger.py").write_text(NOISY[noise])
    assert main([*command, str(tmp_path / "stranger.py")]) == 0
    assert json.loads(capsys.readouterr().out)
