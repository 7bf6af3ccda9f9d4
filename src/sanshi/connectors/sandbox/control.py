"""The sandbox's controls from outside: for the CLI, stories and tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx

from sanshi.connectors.sandbox.faults import FaultKind, FaultPoint
from sanshi.connectors.sandbox.wire import SECRET_HEADER
from sanshi.connectors.trust import trusted
from sanshi.kernel.errors import InputError, UnavailableError

_SECONDS = 10.0


class SandboxControl:
    """Sets the value date, balances, faults and callbacks of a running sandbox."""

    def __init__(self, base_url: str, secret: str) -> None:
        """Connect lazily."""
        self._client = httpx.Client(
            base_url=base_url,
            headers={SECRET_HEADER: secret},
            timeout=_SECONDS,
            verify=trusted(),
            trust_env=False,
        )

    def set_date(self, value_date: date) -> None:
        """Move the rail's value date forward."""
        self._post("/rail/date", {"date": value_date.isoformat()})

    def set_accounts(self, accounts: Mapping[str, int | None]) -> None:
        """Set balances in fen; None makes an account unlimited again."""
        self._post("/rail/accounts", {"accounts": dict(accounts)})

    def accounts(self) -> dict[str, int]:
        """Return the balances of all accounts that have one."""
        value: dict[str, int] = self._call("GET", "/rail/accounts", None)
        return value

    def set_limit(self, max_amount_fen: int | None) -> None:
        """Set the largest amount of one instruction; None for none."""
        self._post("/rail/limit", {"max_amount_fen": max_amount_fen})

    def settle(self, instruction_ids: Sequence[str] | None = None) -> int:
        """Settle accepted instructions (None: all) at the current date; says how many."""
        ids = None if instruction_ids is None else list(instruction_ids)
        return self._count("/rail/settle", {"instruction_ids": ids}, "settled")

    def queue_fault(self, at: FaultPoint, kind: FaultKind, *, hold_ms: int = 2000) -> None:
        """Let the next thing at this place go wrong once, after those already queued."""
        self._post("/faults", {"faults": [{"at": at, "kind": kind, "hold_ms": hold_ms}]})

    def faults_waiting(self) -> int:
        """Say how many queued faults have not happened yet."""
        return len(self._call("GET", "/faults", None))

    def clear_faults(self) -> None:
        """Forget all queued faults and rates."""
        self._call("DELETE", "/faults", None)
        self._post("/faults/rates", {"rates": []})

    def set_rates(self, rates: Mapping[tuple[FaultPoint, FaultKind], int]) -> None:
        """Let faults happen by themselves, so many in a million; replaces all rates."""
        rows = [{"at": at, "kind": kind, "ppm": ppm} for (at, kind), ppm in rates.items()]
        self._post("/faults/rates", {"rates": rows})

    def listen(self, url: str | None, secret: str = "") -> None:
        """Send callbacks to an address from now on; None for none."""
        self._post("/callbacks/target", {"url": url, "secret": secret})

    def release(self, *states: str) -> int:
        """Send held callbacks, or those of the named states, after all; says how many."""
        return self._count("/callbacks/release", {"states": list(states or ("held",))}, "released")

    def callbacks(self) -> list[dict[str, object]]:
        """Return each callback with its state, oldest first."""
        value: list[dict[str, object]] = self._call("GET", "/callbacks", None)
        return value

    def text_messages(self) -> list[dict[str, str]]:
        """Return the latest text messages, newest first, each with `mobile` and `text`."""
        value: list[dict[str, str]] = self._call("GET", "/sms", None)
        return value

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _post(self, path: str, body: Mapping[str, object]) -> None:
        self._call("POST", path, body)

    def _count(self, path: str, body: Mapping[str, object], name: str) -> int:
        return int(self._call("POST", path, body)[name])

    def _call(self, method: str, path: str, body: Mapping[str, object] | None) -> Any:  # noqa: ANN401  any JSON
        """Return the sandbox's answer; its shape is this program's own and under test."""
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise UnavailableError(
                "sandbox.silent", f"The sandbox gave no answer to {path}.", field="sandbox"
            ) from error
        value = json.loads(response.content)
        if response.is_error:
            raise InputError(
                str(value.get("code", "sandbox.error")),
                str(value.get("message", response.status_code)),
                field=str(value.get("field", "")),
                fix=str(value.get("fix", "")),
            )
        return value
