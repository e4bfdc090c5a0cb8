"""The service under test, on the packs that come with the library, on one fixed day."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import date

import pytest
import uvicorn
from backpain_intake import create_app
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from backpain_rules import KnowledgeBase

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
QUIET = ("background-networking", "component-update", "sync", "gpu", "quic", "default-apps")
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
SHIPPED = ("acupuncture", "red_flags", "tcm_signs")


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app(KnowledgeBase.load(*SHIPPED), today=lambda: date(2026, 5, 21))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The service, on a free port of this machine, for as long as the tests run."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no chromium and chromedriver on PATH")
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in ("headless=new", "no-sandbox", "no-first-run", f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(f"--{flag}")
    for flag in QUIET:
        options.add_argument(f"--disable-{flag}")
    browser = Chrome(options=options, service=ChromeService(str(DRIVER)))
    yield browser
    browser.quit()


@pytest.fixture
def phone(browser: Chrome) -> Chrome:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    return browser
