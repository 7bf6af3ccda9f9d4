"""`sanshi serve` as others meet it: checkout pages, and durable decisions over HTTP.

Server, sandbox and clients share one machine; clients keep their connections open.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import Any

import httpx

from benchmarks.figures import Figure
from benchmarks.store import plain_commits

_MS = 1_000_000
_SECOND = 1_000_000_000
_START_SECONDS = 60
_PAGE_CLIENTS = 32
_THINK_SECONDS = 5.0
_DECIDERS = 8
_DAY = "2026-11-02"
_SANSHI = str(Path(sys.executable).with_name("sanshi"))
_PERSON = {"full_name": "林小满", "id_number": "990000199205200015", "mobile": "16100000001"}
_DECLARED = {
    "monthly_income": "15000",
    "monthly_debt_service": "1000",
    "total_debt": "10000",
    "student": "no",
}
_NUMBERS = count()
_PLAN = "shenpu_smart_home.6.equal_principal"


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    with TemporaryDirectory(prefix="sanshi-bench-") as folder, _running(Path(folder)) as town:
        path = _to_the_plans(town)
        pages = _pages(town, path, smoke=smoke)
        decisions = _decisions(town, Path(folder), 3 if smoke else 60)
    return [*pages, *decisions]


@dataclass(slots=True)
class _Town:
    """A running installation, its keys by shop or role, and a buyer's browser."""

    api: str
    site: str
    keys: dict[str, str]
    buyer: httpx.Client


@contextmanager
def _running(folder: Path) -> Iterator[_Town]:
    _sanshi(folder, "db", "upgrade", "--business-date", _DAY)
    risk = ("--entity", "shenpu_bank", "--role", "risk", "--label", "bench", "--sandbox")
    keys = {"risk": _sanshi(folder, "keys", "issue", *risk).split()[-1]}
    port, pages_port = _free_ports(2)
    command = [_SANSHI, "serve", "--sandbox", "--port", str(port), "--pages-port", str(pages_port)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if process.stdout is None:
        raise AssertionError("no output to read")
    try:
        for line in process.stdout:
            name, _, text = line.partition(": ")
            keys |= {name: text.strip()} if text.startswith("sk_test_") else {}
            if line.startswith("Personas"):
                break
        site = f"http://127.0.0.1:{pages_port}"
        _wait(f"{site}/fees")
        with httpx.Client(base_url=site, follow_redirects=True, timeout=30) as buyer:
            yield _Town(f"http://127.0.0.1:{port}", site, keys, buyer)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _sanshi(folder: Path, *command: str) -> str:
    ran = subprocess.run(  # noqa: S603 - our own program
        [_SANSHI, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return ran.stdout


def _free_ports(how_many: int) -> list[int]:
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(how_many)]
    ports = [int(one.getsockname()[1]) for one in opened]
    for one in opened:
        one.close()
    return ports


def _wait(url: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def _post(town: _Town, key: str, path: str, body: object) -> Any:  # noqa: ANN401 - any JSON
    number = next(_NUMBERS)
    headers = {"Authorization": f"Bearer {town.keys[key]}", "Idempotency-Key": f"b{number}"}
    answer = httpx.post(f"{town.api}{path}", json=body, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _session(town: _Town, sku: str) -> dict[str, Any]:
    order = {
        "reference": "bench",
        "items": [{"sku": sku}],
        "return_url": "https://shop.example/",
        "cancel_url": "https://shop.example/",
    }
    opened: dict[str, Any] = _post(town, "haitai", "/v1/checkout-sessions", order)
    return opened


def _to_the_plans(town: _Town) -> str:
    """Sign a buyer in and quote; returns the address of the plan picker with a plan chosen."""
    url = _session(town, "HT-TV-75")["url"]
    page = town.buyer.get(f"{url}/plans")
    page = _sent(town, page, "/sign-in", mobile=_PERSON["mobile"])
    codes = re.findall(r"[0-9]{6}", re.sub(r"<p class=.s-help.>1.*?</p>", "", _phone(town)))
    page = _sent(town, page, "/sign-in/code", code=codes[0], mobile=_PERSON["mobile"])
    who = {name: _PERSON[name] for name in ("full_name", "id_number")}
    page = _sent(town, page, "/sign-in/prove", **who)
    page = _sent(town, page, page.url.path, **_DECLARED)
    return f"{page.url.path}?plan={_PLAN}"


def _phone(town: _Town) -> str:
    return town.buyer.get("/sandbox/phone").text


def _sent(town: _Town, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    answer = town.buyer.post(path, data={**hidden, **fields})
    answer.raise_for_status()
    return answer


def _pages(town: _Town, path: str, *, smoke: bool) -> list[Figure]:
    size, requests = _first_load(town, path)
    alone = _asked(lambda: _look(town, path), 10 if smoke else 200)
    crowd = _crowd(town, path, seconds=2 if smoke else 40)
    return [
        Figure("plan picker: first load, compressed", size / 1_000, "KB", at_most=100),
        Figure("plan picker: requests of the first load", requests, "requests", at_most=6),
        Figure("plan picker: one client, p50", median(alone) / _MS, "ms", at_most=60),
        Figure(
            "plan picker: 32 clients who think for 5 s, p99",
            _cut(crowd, 99) / _MS,
            "ms",
            at_most=250,
            note=f"{len(crowd)} requests; p50 {median(crowd) / _MS:.0f} ms",
        ),
    ]


def _first_load(town: _Town, path: str) -> tuple[int, int]:
    """Return bytes over the wire and requests of a page with everything it asks for."""
    page = town.buyer.get(path)
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    answers = [page, *(town.buyer.get(one) for one in dict.fromkeys(files))]
    return sum(one.num_bytes_downloaded for one in answers), len(answers)


def _look(town: _Town, path: str) -> None:
    # Each time as if from another network: how often one may ask is not what is measured.
    number = next(_NUMBERS)
    headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    answer = town.buyer.get(path, headers=headers)
    if answer.status_code != httpx.codes.OK or "s-annual" not in answer.text:
        raise AssertionError(f"no plan picker: {answer.status_code}")


def _asked(work: Callable[[], None], times: int) -> list[int]:
    took = []
    for _ in range(times):
        start = perf_counter_ns()
        work()
        took.append(perf_counter_ns() - start)
    return took


def _crowd(town: _Town, path: str, *, seconds: float) -> list[int]:
    took: list[int] = []
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        time.sleep(_THINK_SECONDS * number / _PAGE_CLIENTS if seconds > _THINK_SECONDS else 0)
        while time.monotonic() < end:
            took.extend(_asked(lambda: _look(town, path), 1))
            time.sleep(_THINK_SECONDS)

    _together(client, _PAGE_CLIENTS)
    return took


def _decisions(town: _Town, folder: Path, each: int) -> list[Figure]:
    """Have referred applications decided again and again: every time is a decision of its own."""
    for _ in range(_DECIDERS):
        session_id = _session(town, "HT-FRIDGE-520")["session_id"]
        path = f"/v1/sandbox/checkout-sessions/{session_id}/complete"
        _post(town, "haitai", path, {"persona": "refer"})
    headers = {"Authorization": f"Bearer {town.keys['risk']}"}
    listed = httpx.get(f"{town.api}/v1/applications?limit=100", headers=headers).json()["data"]
    referred = [one["application_id"] for one in listed if one["stage"] == "referred"]
    took: list[int] = []

    def client(number: int) -> None:
        with httpx.Client(base_url=town.api, headers=headers, timeout=60) as program:
            for turn in range(each):
                start = perf_counter_ns()
                answer = program.post(
                    "/v1/decisions",
                    json={"application_id": referred[number]},
                    headers={"Idempotency-Key": f"d-{number}-{turn}"},
                )
                took.append(perf_counter_ns() - start)
                answer.raise_for_status()

    start = perf_counter_ns()
    _together(client, _DECIDERS)
    rate = len(took) / ((perf_counter_ns() - start) / _SECOND)
    commits = _SECOND / plain_commits(folder, 50 if each < 10 else 500)
    return [
        Figure(
            f"durable decisions over HTTP, {_DECIDERS} clients",
            rate,
            "decisions/s",
            rate / commits,
            "single commits",
            note="each asks two sources of the sandbox, stores its trace sealed and evidenced",
        ),
        Figure("durable decisions over HTTP, p50", median(took) / _MS, "ms"),
        Figure(
            "durable decisions over HTTP, p99",
            _cut(took, 99) / _MS,
            "ms",
            _cut(took, 99) / median(took),
            "p50",
        ),
    ]


def _together(client: Callable[[int], None], clients: int) -> None:
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cut(took: Sequence[int], percent: int) -> float:
    return quantiles(took, n=100)[percent - 1]
