"""One way to call an outside system: explicit time-outs, and errors that say what is safe now.

Two kinds of silence are kept apart. `….not_reached`: no connection came about, so the other
side has done nothing. `….no_answer`: the request may have arrived; whether it was acted upon is
unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from sanshi.connectors.sandbox.wire import SECRET_HEADER
from sanshi.connectors.trust import trusted
from sanshi.kernel.errors import UnavailableError

_KEEP_SECONDS = 2.0
"""Idle connections are dropped before the other side drops them, which would look like a fault."""
_SERVER_ERROR = 500
_NOT_REACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that came: its status and body."""

    status: int
    text: str

    def fields(self) -> Mapping[str, object]:
        """Return the body's JSON object; anything else counts as an empty one."""
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class Caller:
    """Calls one outside system. Safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        secret: str,
        *,
        system: str,
        timeout_seconds: float,
        connect_seconds: float,
        unknown_fix: str,
    ) -> None:
        """`system` begins the error codes; `unknown_fix` says what to do after silence."""
        self._system = system
        self._unknown_fix = unknown_fix
        self._client = httpx.Client(
            base_url=base_url,
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(timeout_seconds, connect=connect_seconds),
            limits=httpx.Limits(keepalive_expiry=_KEEP_SECONDS),
            verify=trusted(),
            trust_env=False,  # a proxy of the machine must never see payments
        )

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Reply:
        """Send a request; UnavailableError on silence, on 5xx, or when we are not let in."""
        try:
            response = self._client.request(method, path, json=body)
        except _NOT_REACHED as error:
            raise self._unavailable(
                "not_reached", f"No connection ({type(error).__name__}).", "Nothing was sent."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable(
                "no_answer", f"No answer came ({type(error).__name__}).", self._unknown_fix
            ) from error
        reply = Reply(response.status_code, response.text)
        if reply.status >= _SERVER_ERROR:
            raise self._unavailable(
                "no_answer", f"It answered with status {reply.status}.", self._unknown_fix
            )
        if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise self._unavailable(
                "not_let_in", "It does not accept our secret.", "Check the shared secret."
            )
        return reply

    def malformed(self, what: str) -> UnavailableError:
        """Return the error for an answer that cannot be read."""
        return self._unavailable("malformed", f"Its answer is unusable: {what}.", self._unknown_fix)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _unavailable(self, code: str, message: str, fix: str) -> UnavailableError:
        return UnavailableError(
            f"{self._system}.{code}", f"{self._system}: {message}", field=self._system, fix=fix
        )
