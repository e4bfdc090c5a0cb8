"""Packs are found by entry point, each loaded on its own, and whatever is wrong with one is said of that one."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from textwrap import dedent

import pytest

from backpain_rules import DuplicatePackError, PackError, PackLoadError, UnknownPackError
from backpain_rules.plugins.discovery import Discovery, discover, load_packs

GROUP = "backpain_rules.packs_of_this_test"
numbers = itertools.count()


def pack_source(id: str, *, requires: tuple[str, ...] = (), hook: str = "backpain_rules_pack", mark: str = "@hookimpl") -> str:
    return dedent(f"""
        from backpain_rules import Pack, hookimpl

        {mark}
        def {hook}() -> Pack:
            return Pack({id!r}, version="1", title="A pack", requires={requires!r})
    """)


class Site:
    """A place of its own where distributions are installed: real files, as pip would leave them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def install(
        self, distribution: str, name: str, source: str | None = None, *, attribute: str = "", version: str = "1.0"
    ) -> str:
        """One distribution with one module and one entry point to it; gives the name of the module."""
        module = f"site_module_{next(numbers)}"
        if source is not None:
            (self.path / f"{module}.py").write_text(source)
        info = self.path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}{attribute}\n")
        return module

    def install_pack(self, distribution: str, name: str, id: str | None = None, *, requires: tuple[str, ...] = ()) -> str:
        return self.install(distribution, name, pack_source(id or name, requires=requires))

    @property
    def entry_points(self) -> list[EntryPoint]:
        return [point for found in distributions(path=[str(self.path)]) for point in found.entry_points]

    def discover(self, *names: str) -> Discovery:
        return discover(names, entry_points=self.entry_points)

    def load(self, *names: str) -> list[str]:
        packs, _ = load_packs(names, entry_points=self.entry_points)
        return [found.pack.id for found in packs]

    def fault(self) -> PackError:
        """The one thing wrong here."""
        (error,) = self.discover().broken
        return error


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield Site(tmp_path)
    for name in set(sys.modules) - before:
        if name.startswith("site_module_"):
            del sys.modules[name]


def ids(found: Discovery) -> list[str]:
    return [each.pack.id for each in found.packs]


# --- what is found


def test_a_pack_is_found_with_the_distribution_it_came_from(site: Site) -> None:
    site.install("clinic-rules", "our_clinic", pack_source("clinic"), version="2.3")
    (found,) = site.discover().packs
    assert (found.pack.id, found.distribution, found.version, found.entry_point) == (
        "clinic",
        "clinic-rules",
        "2.3",
        "our_clinic",
    )


def test_installed_packs_are_found_without_being_told_where(site: Site) -> None:
    site.install_pack("clinic-rules", "clinic")
    assert ids(discover(group=GROUP)) == ["clinic"]


def test_nothing_installed_is_no_error(site: Site) -> None:
    assert site.discover() == Discovery((), ())
    assert load_packs(entry_points=[]) == ((), ())


def test_packs_come_in_the_order_of_their_ids_however_they_are_listed(site: Site) -> None:
    for id in ("b", "c", "a"):
        site.install_pack(f"dist-{id}", id)
    for order in itertools.permutations(site.entry_points):
        assert ids(discover(entry_points=order)) == ["a", "b", "c"]


def test_an_entry_point_may_name_any_object_that_has_the_hook(site: Site) -> None:
    source = """
        from backpain_rules import Pack, hookimpl

        class Clinic:
            @staticmethod
            @hookimpl
            def backpain_rules_pack() -> Pack:
                return Pack("clinic", version="1", title="")

        clinic = Clinic()
    """
    site.install("by-object", "clinic", dedent(source), attribute=":clinic")
    assert ids(site.discover()) == ["clinic"]


def test_an_entry_point_listed_twice_is_one_pack(site: Site) -> None:
    site.install_pack("clinic-rules", "clinic")
    assert ids(discover(entry_points=[*site.entry_points, *site.entry_points])) == ["clinic"]


def test_looking_again_finds_the_same(site: Site) -> None:
    site.install_pack("clinic-rules", "clinic")
    first, second = (site.discover().packs[0] for _ in range(2))
    assert (first.entry_point, first.pack.id) == (second.entry_point, second.pack.id)


# --- one broken pack


FAULTS: dict[str, tuple[str | None, str, tuple[str, ...]]] = {
    "its module does not exist": (None, "", ("cannot be imported", "No module named", "install what provides")),
    "its module raises": (
        "raise RuntimeError('no licence')",
        "",
        (".py, line 1: RuntimeError: no licence", "report it to the author"),
    ),
    "its module exits": ("import sys; sys.exit('bye')", "", ("SystemExit: bye",)),
    "its module raises what is no Exception": (
        "class Panic(BaseException): pass\nraise Panic('an extension panicked')",
        "",
        (".py, line 2: Panic: an extension panicked",),
    ),
    "it raises an error that cannot be printed": (
        "class Mute(Exception):\n    def __str__(self): raise RuntimeError('no text')\nraise Mute",
        "",
        (".py, line 3: Mute",),
    ),
    "its hook exits": (pack_source("x").replace("return", "raise SystemExit(0); return"), "", ("failed", "SystemExit: 0")),
    "its module is no Python": ("def", "", ("SyntaxError",)),
    "it wants a module that is not there": ("import no_such_module_here", "", ("install what provides 'no_such_module_here'",)),
    "it was written for another version of this library": (
        "from backpain_rules import not_yet_there",
        "",
        ("'not_yet_there'", "another backpain-rules than the installed", "upgrade"),
    ),
    "its rules make no sense": (
        "from backpain_rules import Pain, each\neach(Pain).sevrity >= 5",
        "",
        ("UnknownFieldError", "did you mean 'severity'?"),
    ),
    "its attribute does not exist": ("", ":pack", ("AttributeError",)),
    "it has no hook": ("", "", ("has no hook", "@hookimpl")),
    "it names the hook itself, not its module": (pack_source("x"), ":backpain_rules_pack", ("has no hook", "name a module")),
    "its hook is not marked": (pack_source("x", mark=""), "", ("is not marked", "put @hookimpl")),
    "its hook is misspelt": (pack_source("x", hook="backpain_rules_pak"), "", ("did you mean 'backpain_rules_pack'?",)),
    "its hook is another": (pack_source("x", hook="setup"), "", ("no hook 'setup'", "the only one is 'backpain_rules_pack'")),
    "its hook wants an argument": (
        pack_source("x").replace("_pack()", "_pack(config)"),
        "",
        ("config", "the hook reads `def backpain_rules_pack() -> Pack`"),
    ),
    "its hook raises": (pack_source("not an id"), "", ("backpain_rules_pack() failed", "pack id 'not an id'")),
    "its hook returns something else": (
        "from backpain_rules import hookimpl\n@hookimpl\ndef backpain_rules_pack(): return 'x'",
        "",
        ("returned 'x', which is no Pack",),
    ),
    "its hook returns nothing": (
        "from backpain_rules import hookimpl\n@hookimpl\ndef backpain_rules_pack(): pass",
        "",
        ("returned None",),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_pack_is_reported_and_the_others_load(site: Site, fault: str) -> None:
    source, attribute, telling = FAULTS[fault]
    site.install("broken-rules", "broken", source, attribute=attribute, version="0.9")
    site.install_pack("a-clinic-rules", "a_clinic")
    site.install_pack("z-clinic-rules", "z_clinic")

    found = site.discover()

    assert ids(found) == ["a_clinic", "z_clinic"]
    (error,) = found.broken
    assert isinstance(error, PackLoadError)
    assert error.fields["distribution"] == "broken-rules"
    for part in ("entry point 'broken' of broken-rules 0.9", *telling):
        assert part in str(error)


@pytest.mark.parametrize("metadata", [None, ""], ids=["missing", "empty"])
def test_an_installation_without_metadata_is_reported_and_the_others_load(site: Site, metadata: str | None) -> None:
    site.install("broken-rules", "broken", "x = 1")
    file = site.path / "broken_rules-1.0.dist-info" / "METADATA"
    file.unlink() if metadata is None else file.write_text(metadata)
    site.install_pack("clinic-rules", "clinic")
    found = site.discover()
    assert ids(found) == ["clinic"]
    assert "entry point 'broken' of (unknown distribution)" in str(found.broken[0])


def test_an_interrupt_by_the_user_is_no_fault_of_a_pack(site: Site) -> None:
    site.install("slow-rules", "slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        site.discover()


def test_the_error_keeps_what_caused_it(site: Site) -> None:
    site.install("broken-rules", "broken", "raise RuntimeError('no licence')")
    assert isinstance(site.fault().__cause__, RuntimeError)


def test_an_entry_point_of_no_distribution_is_reported_as_such() -> None:
    (error,) = discover(entry_points=[EntryPoint("lost", "no_such_module_here", GROUP)]).broken
    assert "(unknown distribution)" in str(error)


# --- two packs of one name


@pytest.mark.parametrize(
    ("first", "second"),
    [(("clinic", "a"), ("clinic", "b")), (("a", "clinic"), ("b", "clinic")), (("clinic", "a"), ("b", "clinic"))],
    ids=["their entry points", "their packs", "the entry point of one and the pack of the other"],
)
def test_of_two_strangers_with_one_name_neither_is_loaded(site: Site, first: tuple[str, str], second: tuple[str, str]) -> None:
    site.install_pack("first-rules", *first)
    site.install_pack("second-rules", *second)
    found = site.discover()
    assert ids(found) == []
    assert [type(error) for error in found.broken] == [DuplicatePackError, DuplicatePackError]
    for error in found.broken:
        assert "first-rules 1.0" in str(error)
        assert "second-rules 1.0" in str(error)
        assert "uninstall one of the two" in str(error)


@pytest.mark.parametrize(("name", "id"), [("acupuncture", "acupuncture"), ("acupuncture", "other"), ("other", "acupuncture")])
@pytest.mark.parametrize("stranger", ["a-stranger", "z-stranger"])
def test_a_stranger_never_takes_the_place_of_a_pack_of_this_library(site: Site, name: str, id: str, stranger: str) -> None:
    site.install_pack("backpain-rules", "acupuncture")
    site.install_pack(stranger, name, id)
    found = site.discover()
    assert [each.distribution for each in found.packs] == ["backpain-rules"]
    assert isinstance(found.broken[0], DuplicatePackError)
    assert "which stays" in str(found.broken[0])
    assert site.load("acupuncture") == ["acupuncture"]


def test_not_even_when_that_pack_is_broken(site: Site) -> None:
    site.install("Backpain_Rules", "acupuncture", "raise RuntimeError")
    site.install_pack("stranger", "other", "acupuncture")
    found = site.discover()
    assert ids(found) == []
    assert {type(error) for error in found.broken} == {PackLoadError, DuplicatePackError}


def test_a_clash_of_two_leaves_the_third_alone(site: Site) -> None:
    site.install_pack("first-rules", "clinic")
    site.install_pack("second-rules", "clinic")
    site.install_pack("third-rules", "other")
    assert ids(site.discover()) == ["other"]


# --- packs that require packs


def test_a_pack_whose_requirement_is_not_installed_is_broken(site: Site) -> None:
    site.install_pack("clinic-rules", "clinic", requires=("acupunture",))
    site.install_pack("acupuncture-rules", "acupuncture")
    error = site.fault()
    assert isinstance(error, UnknownPackError)
    assert "requires the pack 'acupunture', which is not installed; did you mean 'acupuncture'?" in str(error)


def test_so_is_one_whose_requirement_is_broken_and_it_says_why(site: Site) -> None:
    site.install_pack("a-rules", "a", requires=("b",))
    site.install_pack("b-rules", "b", requires=("c",))
    site.install("c-rules", "c", "raise RuntimeError('no licence')")
    site.install_pack("d-rules", "d")
    found = site.discover()
    assert ids(found) == ["d"]
    assert [error.fields["entry_point"] for error in found.broken] == ["a", "b", "c"]
    assert all("no licence" in str(error) for error in found.broken)


# --- asked for by name


def test_a_pack_asked_for_brings_what_it_requires_and_no_more(site: Site) -> None:
    site.install_pack("a-rules", "a", requires=("b",))
    site.install_pack("b-rules", "b", requires=("c",))
    site.install_pack("c-rules", "c")
    site.install_pack("d-rules", "d")
    assert site.load("a") == ["a", "b", "c"]
    assert site.load("c", "b") == ["b", "c"]
    assert site.load() == ["a", "b", "c", "d"]


def test_packs_that_require_each_other_are_found_together(site: Site) -> None:
    site.install_pack("a-rules", "a", requires=("b",))
    site.install_pack("b-rules", "b", requires=("a",))
    assert site.load("b") == ["a", "b"]


def test_a_pack_goes_by_its_id_and_by_the_name_of_its_entry_point(site: Site) -> None:
    site.install_pack("clinic-rules", "our_clinic", "clinic")
    assert site.load("clinic") == site.load("our_clinic") == site.load("clinic", "our_clinic") == ["clinic"]


def test_an_unknown_name_suggests_the_nearest(site: Site) -> None:
    site.install_pack("acupuncture-rules", "acupuncture")
    with pytest.raises(UnknownPackError, match="no installed pack is called 'acupunture'; did you mean 'acupuncture'"):
        site.load("acupunture")
    with pytest.raises(UnknownPackError, match="'xyz'; installed: acupuncture") as caught:
        site.load("xyz")
    assert caught.value.fields["known"] == ["acupuncture"]


def test_an_unknown_name_where_nothing_is_installed(site: Site) -> None:
    with pytest.raises(UnknownPackError, match="installed: none"):
        site.load("acupuncture")


def test_a_broken_pack_asked_for_raises_its_own_error(site: Site) -> None:
    site.install("broken-rules", "broken", "raise RuntimeError('no licence')")
    site.install_pack("clinic-rules", "clinic", requires=("broken",))
    for name in ("broken", "clinic"):
        with pytest.raises(PackLoadError, match="no licence"):
            site.load(name)


def test_a_broken_pack_not_asked_for_stands_in_nobodys_way(site: Site) -> None:
    site.install("broken-rules", "broken", "raise RuntimeError")
    site.install_pack("clinic-rules", "clinic")
    assert site.discover("clinic").broken == ()
    assert site.load() == ["clinic"]


def test_a_refused_duplicate_asked_for_raises_its_own_error(site: Site) -> None:
    site.install_pack("first-rules", "clinic")
    site.install_pack("second-rules", "clinic", "other")
    for name in ("clinic", "other"):
        with pytest.raises(DuplicatePackError):
            site.load(name)


# --- the mark


def test_the_marked_function_is_still_the_function() -> None:
    from backpain_rules import Pack, hookimpl

    pack = Pack("clinic", version="1", title="")
    marked: Callable[[], Pack] = hookimpl(lambda: pack)
    assert marked() is pack
