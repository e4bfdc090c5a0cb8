"""The pages in a real browser, at the width of a phone and with the keyboard alone. Needs Chromium and its driver on PATH."""

from __future__ import annotations

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

THUMB = 44
"""How many pixels a target of a finger is wide and high at least (WCAG 2.2, 2.5.5)."""


def press(browser: Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def focus(browser: Chrome, text: str) -> None:
    """Go to a button with the tabulator, as somebody without a mouse does."""
    for _ in range(30):
        if browser.switch_to.active_element.text == text:
            return
        press(browser, Keys.TAB)
    raise AssertionError(f"no way leads to {text!r} with the tabulator")


def go_on(browser: Chrome, text: str) -> None:
    """Press the button with this text, and wait for the next page."""
    focus(browser, text)
    browser.execute_script("window.isLeft = true")
    press(browser, Keys.ENTER)
    come = "return window.isLeft !== true && document.readyState === 'complete'"
    WebDriverWait(browser, 10, ignored_exceptions=[WebDriverException]).until(lambda there: there.execute_script(come))


def heading(browser: Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, "legend, h1").text


def offered(browser: Chrome) -> list[str]:
    """The answers that there are buttons for."""
    return [button.text for button in browser.find_elements(By.CSS_SELECTOR, "fieldset button")]


def fits(browser: Chrome) -> None:
    """Nothing is wider than the phone, and every target is large enough for a thumb."""
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), heading(browser)
    targets = browser.find_elements(By.CSS_SELECTOR, "button, select, input:not([type=hidden])")
    assert [t.text for t in targets if t.is_displayed() and (t.size["height"] < THUMB or t.size["width"] < THUMB)] == []


def test_somebody_in_pain_answers_by_keyboard_and_reads_the_report(phone: Chrome, address: str) -> None:
    phone.get(address)
    fits(phone)
    go_on(phone, "Begin")
    asked: list[str] = []
    while phone.find_elements(By.TAG_NAME, "legend"):
        fits(phone)
        asked.append(heading(phone))
        assert len(asked) < 80
        assert phone.switch_to.active_element.tag_name == "button"
        answers = offered(phone)
        go_on(phone, "No" if "No" in answers and "Pain" not in asked[-1] else answers[0])
    assert len(set(asked)) == len(asked) > 10
    fits(phone)
    assert heading(phone) == "Assessment"
    assert "It is not medical advice" in phone.page_source


def test_an_emergency_is_told_at_once_and_stands_first_in_the_report(phone: Chrome, address: str) -> None:
    phone.get(address)
    go_on(phone, "Begin")
    for _ in range(60):
        if "saddle" in heading(phone).lower():
            break
        go_on(phone, "No" if "No" in offered(phone) else "I don't know")
    go_on(phone, "Yes")
    assert phone.find_element(By.CSS_SELECTOR, "[role=alert] h1").text.upper().endswith("EMERGENCY")
    assert phone.switch_to.active_element.text == "Stop here and see the result"
    fits(phone)
    go_on(phone, "Go on with the questions all the same")
    assert phone.find_elements(By.CSS_SELECTOR, "fieldset button")
    assert phone.find_element(By.CSS_SELECTOR, ".alarm").is_displayed()
    go_on(phone, "Stop here and see the result")
    assert phone.find_element(By.CSS_SELECTOR, "h1").text.upper().endswith("EMERGENCY")
    first = phone.find_element(By.CSS_SELECTOR, ".conclusion h2").text
    assert "emergency" in first.lower()
    fits(phone)


def test_back_gives_the_question_before_and_its_answer_can_be_another(phone: Chrome, address: str) -> None:
    phone.get(address)
    go_on(phone, "Begin")
    first = heading(phone)
    go_on(phone, "I don't know")
    assert heading(phone) != first
    go_on(phone, "Back")
    assert heading(phone) == first


def test_a_number_can_be_filled_in(phone: Chrome, address: str) -> None:
    phone.get(address)
    go_on(phone, "Begin")
    while not phone.find_elements(By.CSS_SELECTOR, "input[type=number]"):
        if phone.find_elements(By.CSS_SELECTOR, "[role=alert] h1"):
            go_on(phone, "Go on with the questions all the same")
        else:
            go_on(phone, offered(phone)[0])
    asked = heading(phone)
    while phone.switch_to.active_element.get_attribute("type") != "number":
        press(phone, Keys.TAB)
    press(phone, "7")
    go_on(phone, "Next")
    assert heading(phone) != asked


def test_it_speaks_the_other_language_that_the_packs_have(phone: Chrome, address: str) -> None:
    phone.get(f"{address}/?language=zh-Hans")
    assert heading(phone) == "关于您背部的问题"
    go_on(phone, "开始")
    assert phone.find_element(By.TAG_NAME, "html").get_attribute("lang") == "zh-Hans"
    fits(phone)
