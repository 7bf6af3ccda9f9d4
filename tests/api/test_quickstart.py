"""The quickstart for shops works by copy and paste: its own blocks are run, in its own order."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/merchant-quickstart.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START_SECONDS = 90


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Run `sanshi serve --sandbox` as the guide says; give the API's address and haitai's key."""
    port = three_free_ports()
    command = blocks("")[0].splitlines()[1].split()
    assert command[:3] == [".venv/bin/sanshi", "serve", "--sandbox"]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("sanshi")), *command[1:], "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{port}/v1", key_of(process)
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        process.wait(30)


def three_free_ports() -> int:
    """Return the first of three ports in a row at which nothing listens."""
    while True:
        with ExitStack() as probes:
            first = probes.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = int(first.getsockname()[1])
            with suppress(OSError, OverflowError):
                for number in (1, 2):
                    probes.enter_context(socket.create_server(("127.0.0.1", port + number)))
                return port


def key_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    key = ""
    for line in process.stdout:
        key = line.split()[1] if line.startswith("haitai:") else key
        if line.startswith("Personas"):
            return key
    raise AssertionError("the sandbox ended before it was ready")


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(GUIDE.read_text("utf-8")) if kind == language]


@pytest.mark.timeout(240)
def test_every_block_of_the_guide_runs(sandbox: tuple[str, str], tmp_path: Path) -> None:
    url, key = sandbox
    given, *steps = blocks("bash")
    assert "SANSHI=" in given
    assert "KEY=" in given
    script = tmp_path / "guide.sh"
    script.write_text(
        "set -eu\n" + given.splitlines()[-1] + "\n" + "echo\necho NEXT\n".join(steps), "utf-8"
    )
    environment = os.environ | {"SANSHI": url, "KEY": key}
    wait_until_it_answers(url)
    assert "server" not in httpx.get(url).headers, "what software serves is nobody's business"
    ran = subprocess.run(
        ["bash", str(script)],
        check=False,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    opened, bought, captured, refunded = ran.stdout.split("NEXT\n")
    assert json.loads(opened)["stage"] == "open"
    assert json.loads(bought)["stage"] == "authorized"
    assert last_object(captured)["captured_fen"] == 699_900
    refund = last_object(refunded)
    assert (refund["stage"], refund["amount_fen"]) == ("succeeded", 100_000)

    program = tmp_path / "shop.py"
    program.write_text(blocks("python")[0], "utf-8")
    heard = subprocess.run(
        [sys.executable, str(program)], check=False, env=environment, capture_output=True, text=True
    )
    assert heard.stdout == "checkout_session.cash_chosen\n", heard.stderr


def last_object(text: str) -> dict[str, object]:
    """Return the last of several JSON objects that were printed one after the other."""
    decoder, at = json.JSONDecoder(), 0
    value: dict[str, object] = {}
    text = text.strip()
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
    return value


def wait_until_it_answers(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    port = int(url.split(":")[2].split("/", maxsplit=1)[0])
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nobody answers")
