"""What the container starts is a service that says it is well, logs in JSON without what patients say, and stops when told to."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
import yaml

HERE = Path(__file__).parents[1]
CONTAINERFILE = (HERE / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
PORT = "8000"


def command_of(instruction: str) -> list[str]:
    """The last command in JSON form of an instruction, options of the instruction aside."""
    (form,) = re.findall(rf"^{instruction}[^\[\n]*(\[.*\])$", CONTAINERFILE, re.MULTILINE)
    command: list[str] = json.loads(form)
    return command


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def here(command: list[str], port: str) -> list[str]:
    """A command of the container for this machine: on loopback, at a free port, with the programs of this environment."""
    program = sys.executable if command[0] == "python" else shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program is not None
    return [program, *(part.replace(PORT, port).replace("0.0.0.0", "127.0.0.1") for part in command[1:])]


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command of the container, and its port, once the command of its health check succeeds."""
    port = free_port()
    with subprocess.Popen(here(command_of("CMD"), port), stderr=subprocess.PIPE, text=True) as service:
        try:
            until = time.monotonic() + 60
            while subprocess.run(here(command_of(r"HEALTHCHECK .*CMD"), port), stderr=subprocess.DEVNULL).returncode:
                assert service.poll() is None, "the service ended"
                assert time.monotonic() < until, "the health check never succeeded"
            yield service, port
        finally:
            service.kill()


def test_it_is_well_logs_no_word_of_a_patient_and_ends_when_told_to(running: tuple[subprocess.Popen[str], str]) -> None:
    service, port = running
    with urlopen(f"http://127.0.0.1:{port}/health") as answer:
        assert json.load(answer)["status"] == "ok"
    body = json.dumps({"facts": [{"type": "symptom", "term": "saddle_anaesthesia_of_mr_secret"}]}).encode()
    with pytest.raises(URLError):
        urlopen(Request(f"http://127.0.0.1:{port}/interview", body, {"content-type": "application/json"}))
    service.send_signal(signal.SIGTERM)
    _, written = service.communicate(timeout=30)
    events = [json.loads(line) for line in written.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(event) for event in events))
    assert [event["status"] for event in events if event.get("route") == "/interview"] == [422]
    assert "secret" not in written


def test_the_composed_service_has_limits_and_no_rights_that_it_does_not_need() -> None:
    service = COMPOSE["services"]["intake"]
    assert (HERE / service["build"]["context"] / service["build"]["dockerfile"]).resolve() == HERE / "Containerfile"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert {"mem_limit", "cpus", "pids_limit", "logging"} <= service.keys()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
