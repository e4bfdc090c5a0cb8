"""Every page under axe-core at two widths, light and dark; and a report on paper. Needs Chromium, its driver, and npm."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from backpain_rules import KnowledgeBase, Pain, present
from conftest import SHIPPED

AXE = "axe-core@4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""The hash that npm publishes for this version: what runs in the browser is that and nothing else."""
LOOKS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
RUN = "axe.run().then(found => arguments[0](found.violations.filter(v => ['serious', 'critical'].includes(v.impact))))"
KB = KnowledgeBase.load(*SHIPPED)
CASES = {
    "emergency": [Pain(region="lumbar", severity=7), present("saddle_anaesthesia"), present("weak_knees")],
    "treatment": [Pain(region="lumbar", severity=2), present("night_sweats"), present("hot_flashes"), present("dry_membranes")],
    "nothing": [],
}


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on PATH")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run([npm, "pack", "--silent", AXE], cwd=folder, check=True)
    [packed] = folder.glob("*.tgz")
    assert base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() == SHA512
    with tarfile.open(packed) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def look(browser: Chrome, width: int, scheme: str) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def serious(browser: Chrome, axe: str) -> list[str]:
    """What axe-core finds, with all that is folded opened."""
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.execute_script(axe)
    found = browser.execute_async_script(RUN)
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def press(browser: Chrome, text: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    browser.execute_script("window.isLeft = true")
    next(button for button in browser.find_elements(By.TAG_NAME, "button") if button.text == text).click()
    come = "return window.isLeft !== true && document.readyState === 'complete'"
    WebDriverWait(browser, 10, ignored_exceptions=[WebDriverException]).until(lambda there: there.execute_script(come))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_nothing_serious_is_wrong_with_any_page_of_an_interview(
    browser: Chrome, address: str, axe: str, width: int, scheme: str
) -> None:
    look(browser, width, scheme)
    browser.get(address)
    seen: dict[str, list[str]] = {"start": serious(browser, axe)}
    press(browser, "Begin")
    for _ in range(60):
        if browser.find_elements(By.CSS_SELECTOR, "[role=alert] h1"):
            seen["emergency"] = serious(browser, axe)
            press(browser, "Go on with the questions all the same")
        kind = "-".join(one.get_attribute("name") or "" for one in browser.find_elements(By.CSS_SELECTOR, "input[type=number]"))
        if kind not in seen:
            seen[kind] = serious(browser, axe)
        if {"", "number", "amount", "emergency"} <= seen.keys():
            break
        offered = [button.text for button in browser.find_elements(By.CSS_SELECTOR, "fieldset button")]
        asked = browser.find_element(By.TAG_NAME, "legend").text
        is_yes_or_no = {"Yes", "No"} <= set(offered)
        press(browser, offered[0] if not is_yes_or_no else "Yes" if "pain?" in asked or "saddle" in asked else "No")
    press(browser, "Stop here and see the result")
    seen["result"] = serious(browser, axe)
    assert {"start", "", "number", "emergency", "result"} <= seen.keys()
    assert {page: found for page, found in seen.items() if found} == {}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("case", CASES)
def test_nothing_serious_is_wrong_with_a_report(
    browser: Chrome, axe: str, tmp_path: Path, case: str, width: int, scheme: str
) -> None:
    page = tmp_path / "report.html"
    page.write_text(KB.assess(CASES[case]).report().to_html(), encoding="utf-8")
    look(browser, width, scheme)
    browser.get(page.as_uri())
    assert serious(browser, axe) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    texts = browser.find_elements(By.CSS_SELECTOR, ".drawing svg")
    for drawing in texts:
        assert drawing.rect["width"] / float(drawing.get_attribute("width") or 0) * 13 >= 11


def test_on_paper_all_reasons_are_open(browser: Chrome, tmp_path: Path) -> None:
    result = KB.assess(CASES["emergency"])
    page = tmp_path / "report.html"
    page.write_text(result.report().to_html(), encoding="utf-8")
    look(browser, 1280, "dark")
    browser.get(page.as_uri())
    printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    text = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages).split())
    squeezed = unicodedata.normalize("NFKC", text).replace(" ", "")  # fonts join letters: ﬁrm
    assert squeezed.upper().find("EMERGENCY") < squeezed.find("Assessment")
    rules = {support.rule.replace(" ", "") for fact in result.derived for support in result.why(fact).supports}
    assert {rule for rule in rules if f"becauserule{rule}" not in squeezed} == set()
    assert "ruledout" in squeezed
    assert "Newabdominalpain" in squeezed
