"""Webhooks over HTTP: one signed message to an address that a shop named.

The address comes from outside, so it must not lead inside: it is https, every address that its
name stands for is public, and the connection goes to one of exactly those, while the certificate
is checked against the name. The whole attempt has one deadline, however the other side dawdles.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx
from standardwebhooks import Webhook

from sanshi.connectors.clock import RealTime
from sanshi.connectors.trust import trusted
from sanshi.ports import Letter, ShopAnswer

USER_AGENT = "Sanshi-Webhooks/1"
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
MAX_READ_BYTES = 4096

_NAT64 = IPv6Network("64:ff9b::/96")
_SUCCESS = range(200, 300)
_PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port → the addresses that the name stands for; none: it stands for nothing."""


class HttpWebhooks:
    """The `Webhooks` port over HTTP. Safe to share between threads; it keeps no connections."""

    def __init__(
        self,
        *,
        allow_local: bool = False,
        total_seconds: float = TOTAL_SECONDS,
        now: Callable[[], datetime] | None = None,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare.

        Args:
            allow_local: a sandbox may also send to this very machine, and there over http.
            total_seconds: how long an attempt may take from the first look-up to the last byte.
            now: the true time, which the shop compares with its own, whatever hour a test
                clock shows; default: the computer's.
            resolve: looks host names up; default: the system's way.
            trust: whose certificates are believed; default: the public authorities'.
        """
        self._allow_local = allow_local
        self._total_seconds = total_seconds
        self._now = now or RealTime().now
        self._resolve = resolve or addresses_of
        self._trust = trust or trusted()

    def send(self, letter: Letter) -> ShopAnswer:
        """Make one attempt; a failure is an answer, never an exception."""
        deadline = _Deadline(self._total_seconds)
        try:
            url = httpx.URL(letter.url)
        except httpx.InvalidURL:
            return ShopAnswer("failed", "malformed_url")
        addresses = self._checked(url)
        if isinstance(addresses, str):
            return ShopAnswer("failed", addresses)
        try:
            status = self._post(url, letter, _CheckedAddresses(addresses, deadline))
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return ShopAnswer("failed", _why(error))
        return _meaning(status)

    def _checked(self, url: httpx.URL) -> Sequence[str] | str:
        """Return the addresses that a connection may go to, or why there are none."""
        host = url.raw_host.decode("ascii")
        if not host or url.userinfo:
            return "malformed_url"
        if url.scheme != "https" and not (self._allow_local and url.scheme == "http"):
            return "not_https"
        addresses = self._resolve(host, url.port or _PORTS[url.scheme])
        if not addresses:
            return "unknown_host"
        if self._allow_local and all(is_local(address) for address in addresses):
            return addresses
        if url.scheme != "https":
            return "not_https"
        return addresses if all(is_public(address) for address in addresses) else "not_public"

    def _post(self, url: httpx.URL, letter: Letter, backend: httpcore.NetworkBackend) -> int:
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        seconds = self._total_seconds
        wait = {"connect": CONNECT_SECONDS, "read": seconds, "write": seconds, "pool": seconds}
        with (
            httpcore.ConnectionPool(ssl_context=self._trust, network_backend=backend) as pool,
            pool.stream(
                "POST",
                target,
                headers=self._headers(letter),
                content=letter.body,
                extensions={"timeout": wait},
            ) as response,
        ):
            _read_a_little(response)
            return response.status

    def _headers(self, letter: Letter) -> Mapping[bytes | str, bytes | str]:
        now = self._now()
        signature = Webhook(letter.secret).sign(letter.message_id, now, letter.body.decode())
        return {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            "webhook-id": letter.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Look a host name up the system's way."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Say whether an address is one of the open internet, by itself and by what it wraps."""
    address = _unwrapped(text)
    if isinstance(address, IPv6Address):
        # Gateways turn these into connections to the IPv4 address inside, whatever it is.
        tunnel = address.sixtofour is not None or address.teredo is not None or address in _NAT64
        if tunnel or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def is_local(text: str) -> bool:
    """Say whether an address is this very machine."""
    return _unwrapped(text).is_loopback


def _unwrapped(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _meaning(status: int) -> ShopAnswer:
    if status in _SUCCESS:
        return ShopAnswer("delivered")
    if status == httpx.codes.GONE:
        return ShopAnswer("gone", "status_410")
    return ShopAnswer("failed", f"status_{status}")


def _why(error: Exception) -> str:
    match error:
        case httpcore.TimeoutException():
            return "timed_out"
        case _TlsError():
            return "tls"
        case httpcore.ConnectError():
            return "not_reached"
        case httpcore.NetworkError():
            return "broken_off"
        case _:
            return "garbled"


def _read_a_little(response: httpcore.Response) -> None:
    """Let the other side finish a short answer; its status has said all that counts."""
    read = 0
    with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        for chunk in response.iter_stream():
            read += len(chunk)
            if read >= MAX_READ_BYTES:
                return


class _TlsError(httpcore.ConnectError):
    """They answered, but there is no safe connection with whom the name stands for."""


class _Deadline:
    """A moment after which nothing is waited for any more."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def at_most(self, seconds: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Return how long may be waited, or raise that it is too late."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise late("the attempt took too long")
        return left if seconds is None else min(seconds, left)


class _CheckedAddresses(httpcore.NetworkBackend):
    """Connects to addresses that were checked, whatever a second look-up would say."""

    def __init__(self, addresses: Sequence[str], deadline: _Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the name was looked up already, once
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the addresses that answers."""
        error: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            wait = self._deadline.at_most(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._real.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                error = refused
                continue
            return _TimedStream(stream, self._deadline)
        raise error


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline, and that is read in small bites."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        wait = self._deadline.at_most(timeout, httpcore.ReadTimeout)
        return self._stream.read(min(max_bytes, MAX_READ_BYTES), wait)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.at_most(timeout, httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = self._deadline.at_most(timeout, httpcore.ConnectTimeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, wait)
        except httpcore.ConnectError as error:
            raise _TlsError(str(error)) from error
        return _TimedStream(stream, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the library declares it
        return self._stream.get_extra_info(info)
