"""One signed message over TCP: what counts as taken, what is waited for, and where it may go."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from connectors.certificates import certified
from receiver import Answer, Receiver, endless, raw, receiving, silence, status
from sanshi.connectors.clock import RealTime
from sanshi.connectors.webhooks import (
    MAX_READ_BYTES,
    USER_AGENT,
    HttpWebhooks,
    addresses_of,
    is_local,
    is_public,
)
from sanshi.ports import Letter, ShopAnswer

SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes known to one shop").decode()
OTHER = "whsec_" + base64.b64encode(b"thirty-two bytes of another shop..").decode()
BODY = '{"data":{"reference":"订单一"},"type":"capture.succeeded"}'.encode()
SHORT_SECONDS = 0.5
DELIVERED = ShopAnswer("delivered")


def letter(url: str) -> Letter:
    return Letter("nt_1", url, SECRET, BODY)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture(scope="module")
def sender() -> HttpWebhooks:
    return HttpWebhooks(allow_local=True, total_seconds=SHORT_SECONDS)


def test_a_message_is_signed_as_the_standard_says(receiver: Receiver, sender: HttpWebhooks) -> None:
    assert sender.send(letter(receiver.url)) == DELIVERED
    [heard] = receiver.got
    assert heard.body == BODY
    assert heard.path == "/hooks"
    assert heard.notice_id == "nt_1"
    assert heard.headers["user-agent"] == USER_AGENT
    assert heard.headers["content-type"] == "application/json"
    assert heard.verified(SECRET) == {"data": {"reference": "订单一"}, "type": "capture.succeeded"}
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        heard.verified(OTHER)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(SECRET).verify(heard.body.replace(b"succeeded", b"failed"), heard.headers)


def test_a_secret_never_shows_where_a_letter_is_printed() -> None:
    assert SECRET not in repr(letter("https://shop.example/hooks"))


def test_an_old_message_played_again_is_not_fresh(receiver: Receiver) -> None:
    long_ago = RealTime().now() - timedelta(minutes=6)
    HttpWebhooks(allow_local=True, now=lambda: long_ago).send(letter(receiver.url))
    with pytest.raises(WebhookVerificationError, match="too old"):
        receiver.got[0].verified(SECRET)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (200, DELIVERED),
        (202, DELIVERED),
        (204, DELIVERED),
        (299, DELIVERED),
        (304, ShopAnswer("failed", "status_304")),
        (400, ShopAnswer("failed", "status_400")),
        (404, ShopAnswer("failed", "status_404")),
        (410, ShopAnswer("gone", "status_410")),
        (429, ShopAnswer("failed", "status_429")),
        (500, ShopAnswer("failed", "status_500")),
        (503, ShopAnswer("failed", "status_503")),
    ],
)
def test_only_a_2xx_is_success(
    receiver: Receiver, sender: HttpWebhooks, code: int, expected: ShopAnswer
) -> None:
    receiver.answer(status(code))
    assert sender.send(letter(receiver.url)) == expected


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(
    receiver: Receiver, sender: HttpWebhooks, code: int
) -> None:
    receiver.answer(status(code, location=receiver.url), status(204))
    assert sender.send(letter(receiver.url)) == ShopAnswer("failed", f"status_{code}")
    assert len(receiver.got) == 1


_HEAD = b"HTTP/1.1 204 No Content\r\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (silence, "timed_out"),
        # Each byte comes soon after the last, the whole never: time-outs of single reads wait on.
        (raw(*(b"%c" % byte for byte in _HEAD), pause_seconds=0.1), "timed_out"),
        (raw(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 40, pause_seconds=0.05), "timed_out"),
        (raw(b"good morning\r\n\r\n"), "garbled"),
        (raw(bytes(range(256)) * 20), "garbled"),
        (raw(b""), "garbled"),
        (raw(_HEAD), "garbled"),
        (raw(_HEAD, *[b"x-long: " + b"y" * 5000 + b"\r\n"] * 100), "garbled"),
        (raw(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), "garbled"),
    ],
    ids=["silent", "drips", "continues", "garbage", "bytes", "nothing", "half", "long", "switches"],
)
def test_a_bad_answer_is_a_reason_within_the_time(
    receiver: Receiver, sender: HttpWebhooks, answer: Answer, reason: str
) -> None:
    receiver.answer(answer)
    begun = time.monotonic()
    assert sender.send(letter(receiver.url)) == ShopAnswer("failed", reason)
    assert time.monotonic() - begun < SHORT_SECONDS + 1


def test_of_an_endless_answer_only_a_little_is_read(receiver: Receiver) -> None:
    patient = HttpWebhooks(allow_local=True, total_seconds=30)
    receiver.answer(endless)
    begun = time.monotonic()
    assert patient.send(letter(receiver.url)) == DELIVERED
    assert receiver.cut_off.wait(5), "the connection was left open"
    assert time.monotonic() - begun < 10


def test_an_answer_that_stops_halfway_has_said_what_counts(
    receiver: Receiver, sender: HttpWebhooks
) -> None:
    receiver.answer(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok"))
    assert sender.send(letter(receiver.url)) == DELIVERED
    receiver.answer(raw(b"HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\nno"))
    assert sender.send(letter(receiver.url)) == ShopAnswer("failed", "status_500")


def test_a_short_answer_is_heard_to_its_end(receiver: Receiver, sender: HttpWebhooks) -> None:
    body = b"y" * (MAX_READ_BYTES - 1)
    receiver.answer(raw(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + body))
    assert sender.send(letter(receiver.url)) == DELIVERED


def test_nobody_there_is_a_reason(sender: HttpWebhooks) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = sender.send(letter(f"http://127.0.0.1:{port}/hooks"))
    assert answer == ShopAnswer("failed", "not_reached")


def test_a_proxy_of_the_machine_sees_nothing(
    receiver: Receiver, sender: HttpWebhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sender.send(letter(receiver.url)) == DELIVERED
        assert proxy.connections == 0


INSIDE = [
    "localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "224.0.0.1",
    "[ff02::1]",
    "255.255.255.255",
]


@pytest.mark.parametrize("host", INSIDE)
def test_no_address_leads_inside(receiver: Receiver, host: str) -> None:
    outward = HttpWebhooks(total_seconds=SHORT_SECONDS)
    answer = outward.send(letter(f"https://{host}:{receiver.port}/hooks"))
    assert answer.status == "failed"
    # What is no good name, or one that the system cannot look up, leads nowhere at all.
    assert answer.reason in {"not_public", "malformed_url", "unknown_host"}
    assert receiver.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "[::1]", "10.0.0.8"])
def test_numbers_are_looked_up_as_the_system_reads_them(host: str) -> None:
    found = addresses_of(host.strip("[]"), 443)
    assert found
    assert not any(is_public(address) for address in found)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:{port}/hooks", "not_https"),
        ("http://shop.example/hooks", "not_https"),
        ("ftp://shop.example/hooks", "not_https"),
        ("file://shop.example/etc/passwd", "not_https"),
        ("https://shop.example@127.0.0.1:{port}/hooks", "malformed_url"),
        ("https://user:@127.0.0.1:{port}/hooks", "malformed_url"),
        ("https://shop.example\\@127.0.0.1:{port}/hooks", "malformed_url"),
        ("https:///hooks", "malformed_url"),
        ("/hooks", "malformed_url"),
        ("https://[::1/hooks", "malformed_url"),
        ("https://shop.example:99999/hooks", "malformed_url"),
        ("https://shop example/hooks", "malformed_url"),
        ("https://xn--/hooks", "malformed_url"),
        ("https://" + "a" * 64 + ".example/hooks", "unknown_host"),
        ("https://no-such-shop.invalid/hooks", "unknown_host"),
    ],
)
def test_tricks_with_addresses_are_reasons(receiver: Receiver, url: str, reason: str) -> None:
    outward = HttpWebhooks(total_seconds=SHORT_SECONDS)
    answer = outward.send(letter(url.format(port=receiver.port)))
    assert answer.status == "failed"
    assert answer.reason in {reason, "unknown_host"}
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("8.8.8.8", "127.0.0.1"),
        ("127.0.0.1", "8.8.8.8"),
        ("2606:4700::1111", "::ffff:10.0.0.1"),
    ],
)
def test_one_private_address_among_many_is_enough_to_refuse(
    receiver: Receiver, addresses: tuple[str, ...]
) -> None:
    outward = HttpWebhooks(resolve=lambda _host, _port: addresses)
    answer = outward.send(letter(f"https://shop.test:{receiver.port}/hooks"))
    assert answer == ShopAnswer("failed", "not_public")
    assert receiver.connections == 0


@pytest.mark.parametrize("url", ["https://10.0.0.8/hooks", "https://169.254.169.254/hooks"])
def test_a_sandbox_reaches_its_own_machine_and_no_other_inside(url: str) -> None:
    assert HttpWebhooks(allow_local=True).send(letter(url)) == ShopAnswer("failed", "not_public")
    plain = url.replace("https", "http")
    assert HttpWebhooks(allow_local=True).send(letter(plain)) == ShopAnswer("failed", "not_https")


@given(st.ip_addresses(v=4))
def test_what_wraps_an_address_is_no_more_public_than_it(address: IPv4Address) -> None:
    number = int(address)
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_local(f"::ffff:{address}") == address.is_loopback
    assert not is_public(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}")
    assert not is_public(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")
    if not address.is_global:
        assert not is_public(str(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "240e::1"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that stands for another address a moment later (DNS rebinding) changes nothing."""
    with receiving() as first, receiving("127.0.0.2", first.port) as second:
        answers = iter([("127.0.0.1",), ("127.0.0.2",)])
        sender = HttpWebhooks(allow_local=True, resolve=lambda _host, _port: next(answers))
        url = f"http://shop.test:{first.port}/hooks"
        assert sender.send(letter(url)) == DELIVERED
        assert (len(first.got), len(second.got)) == (1, 0)
        assert first.got[0].headers["host"] == f"shop.test:{first.port}"
        assert sender.send(letter(url)) == DELIVERED
        assert (len(first.got), len(second.got)) == (1, 1)


def test_where_one_address_does_not_answer_the_next_is_tried(receiver: Receiver) -> None:
    sender = HttpWebhooks(
        allow_local=True, resolve=lambda _host, _port: ("127.0.0.3", "::1", "127.0.0.1")
    )
    assert sender.send(letter(f"http://shop.test:{receiver.port}/hooks")) == DELIVERED


def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    shows, believes = certified(tmp_path, "shop.test")
    _, believes_others = certified(tmp_path, "other.test")

    def sent(host: str, trust: object = believes) -> ShopAnswer:
        sender = HttpWebhooks(
            allow_local=True,
            resolve=lambda _host, _port: ("127.0.0.1",),
            trust=trust,  # type: ignore[arg-type] # None: the public authorities
        )
        return sender.send(letter(f"https://{host}:{shop.port}/hooks"))

    with receiving(tls=shows) as shop:
        assert sent("shop.test") == DELIVERED
        assert shop.got[0].verified(SECRET)["type"] == "capture.succeeded"
        refused = ShopAnswer("failed", "tls")
        assert sent("other.test") == refused
        assert sent("127.0.0.1") == refused
        assert sent("shop.test", believes_others) == refused
        assert sent("shop.test", None) == refused
        assert len(shop.got) == 1


def test_https_to_a_server_without_it_is_a_reason(receiver: Receiver, sender: HttpWebhooks) -> None:
    url = receiver.url.replace("http://", "https://")
    assert sender.send(letter(url)) == ShopAnswer("failed", "tls")
