"""What is built is what is written, and it works where the source is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from venv import EnvBuilder

import pytest

from pages import ROOT, Shell, blocks, is_shown

pytestmark = pytest.mark.packaging

PACKS = ("acupuncture", "red_flags", "tcm_signs")
PACKAGES = {"backpain_rules": ROOT / "src", **{f"backpain_pack_{pack}": ROOT / "packs" for pack in PACKS}}


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def written() -> Iterator[str]:
    """The files of the packages, as they are called in the wheel."""
    for package, folder in PACKAGES.items():
        for file in (folder / package).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(folder).as_posix()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def new_environment(folder: Path, *requirements: str | Path) -> Path:
    """The interpreter of a new virtual environment that has these and nothing of the source tree."""
    EnvBuilder(with_pip=True).create(folder)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", *requirements, cwd=folder)
    return python


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_environment(tmp_path_factory.mktemp("installed"), wheel)


@pytest.fixture(scope="module")
def stranger(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and, beside it, the pack of strangers, as somebody else would install the two."""
    project = tmp_path_factory.mktemp("stranger") / "project"
    shutil.copytree(ROOT / "examples" / "third_party_pack", project, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    python = new_environment(tmp_path_factory.mktemp("home"), f"{wheel}[prove]", "pytest", "hypothesis")
    run(python, "-m", "pip", "install", "--quiet", f"{project}[test]", cwd=project.parent)
    return python


def told_by(python: Path, program: str) -> object:
    """What a program prints as JSON, run where nothing but the installed distribution can be imported."""
    return json.loads(run(python, "-I", "-c", dedent(program), cwd=python.parent))


def test_the_wheel_holds_every_file_of_its_packages_and_no_other(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == set(written())
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_the_wheel_tells_its_licence_and_its_entry_points(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    texts = {name.split(".dist-info/")[1]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert texts["licenses/LICENSE"] == (ROOT / "LICENSE").read_text()
    packs = "".join(f"{pack} = backpain_pack_{pack}\n" for pack in PACKS)
    assert f"[backpain_rules.packs]\n{packs}" in texts["entry_points.txt"]
    assert "[console_scripts]\nbackpain-rules = backpain_rules.cli:main\n" in texts["entry_points.txt"]


def test_the_sdist_holds_what_a_packager_needs(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "tests/packaging/test_distribution.py"} <= held


def test_an_index_would_take_both_distributions(built: Path) -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir()), cwd=built)


def test_a_second_build_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == wheel.read_bytes()


def test_the_installed_library_lists_its_packs(installed: Path) -> None:
    found = told_by(
        installed,
        """
        import json
        from backpain_rules.plugins.discovery import discover
        found = discover()
        print(json.dumps([[p.pack.id, p.distribution] for p in found.packs] + [str(error) for error in found.broken]))
        """,
    )
    assert found == [[pack, "backpain-rules"] for pack in PACKS]


def test_it_is_the_installed_library_that_answers(installed: Path) -> None:
    place = told_by(installed, "import json, backpain_rules; print(json.dumps(backpain_rules.__file__))")
    assert ROOT not in Path(str(place)).parents
    assert installed.parent.parent in Path(str(place)).parents


def test_its_version_is_that_of_the_distribution(installed: Path) -> None:
    told = told_by(
        installed,
        """
        import json, backpain_rules
        from importlib.metadata import version
        print(json.dumps([backpain_rules.__version__, version("backpain-rules")]))
        """,
    )
    assert isinstance(told, list)
    assert told[0] == told[1]


def test_the_first_command_of_the_readme_runs_where_the_source_is_not(installed: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "cases" / "lifting_strain.json", tmp_path / "case.json")
    told = run(installed.with_name("backpain-rules"), "assess", "case.json", "--explain", cwd=tmp_path)
    assert "because rule acupuncture:acute-strain" in told
    assert "unless red_flags:treatment-waits fires" in told


def test_the_packs_of_the_library_and_of_strangers_are_listed(stranger: Path, tmp_path: Path) -> None:
    lines = run(stranger.with_name("backpain-rules"), "packs", cwd=tmp_path).splitlines()
    assert [line.split()[0] for line in lines[1:]] == [*PACKS, "workplace"]
    assert "backpain-pack-workplace 1.0" in lines[-1]


def test_the_tests_of_the_pack_of_strangers_pass(stranger: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "third_party_pack" / "tests", tmp_path / "tests")
    assert " passed" in run(stranger, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=tmp_path)


def test_a_pack_that_was_begun_with_new_pack_is_found_once_it_is_installed(stranger: Path, tmp_path: Path) -> None:
    program = stranger.with_name("backpain-rules")
    run(program, "new-pack", "desk_work", cwd=tmp_path)
    project = tmp_path / "backpain-pack-desk-work"
    assert "because rule desk_work:stiff-neck" in run(stranger, "-m", "backpain_pack_desk_work", cwd=project)
    assert " passed" in run(stranger, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    run(stranger, "-m", "pip", "install", "--quiet", project, cwd=tmp_path)
    assert "none missing" in run(program, "rules", "--pack", "desk_work", "--by-source", cwd=tmp_path)
    assert "Nothing is wrong." in run(program, "check", "desk_work", cwd=tmp_path)


def test_the_tutorial_can_be_followed_to_the_letter_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Its blocks for the shell are typed, its files written, and what it shows is what comes; what shows nothing succeeds."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))},
        "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]]),
        "PIP_FIND_LINKS": str(wheel.parent),  # so that the library that is installed by its name is this one
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    seen = set()
    with Shell(tmp_path, environment) as shell:
        for block in blocks((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
            if block.file:
                folder = Path(shell.typed("pwd")[0].strip())
                (folder / block.file).write_text(block.text, encoding="utf-8")
            elif block.language != "text":
                assert block.language == "bash", f"a reader would not know where to put\n{block.text}"
                told, status = shell.typed(block.text)
                shown = status == 0 if block.output is None else is_shown(block.output, told)
                assert shown, f"{block.text}\nreally prints, with status {status},\n{told}"
            seen.add(block.file or block.language)
    assert {"bash", "tests/test_pack.py"} <= seen
