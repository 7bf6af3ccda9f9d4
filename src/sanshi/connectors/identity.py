"""The `Identity` port over HTTP."""

from __future__ import annotations

import httpx

from sanshi.connectors.calls import Caller
from sanshi.kernel.errors import ImpossibleError
from sanshi.ports import IdentityAnswer


class HttpIdentity:
    """The identity verifier over HTTP. A check changes nothing there: asking again is safe."""

    def __init__(
        self, base_url: str, secret: str, *, timeout_seconds: float, connect_seconds: float = 2.0
    ) -> None:
        """Connect lazily; `timeout_seconds` bounds each wait for an answer."""
        self._caller = Caller(
            base_url,
            secret,
            system="identity",
            timeout_seconds=timeout_seconds,
            connect_seconds=connect_seconds,
            unknown_fix="Ask again; until then the person counts as not verified.",
        )

    def verify(self, *, full_name: str, id_number: str, mobile: str) -> IdentityAnswer:
        """Check the three elements 三要素; no error carries what was sent."""
        body = {"full_name": full_name, "id_number": id_number, "mobile": mobile}
        reply = self._caller.call("POST", "/identity/verify", body)
        fields = reply.fields()
        if reply.status == httpx.codes.UNPROCESSABLE_ENTITY:
            raise ImpossibleError(
                "identity.refused_form",
                "The verifier cannot read the request.",
                field=str(fields.get("field", "")),
                fix="Check the three elements before asking.",
            )
        if reply.status != httpx.codes.OK:
            raise self._caller.malformed(f"status {reply.status}")
        reference, matched = fields.get("reference"), fields.get("matched")
        hits = fields.get("sanctions_hits")
        if not isinstance(reference, str) or not isinstance(matched, bool):
            raise self._caller.malformed("reference or matched is missing")
        if not isinstance(hits, list) or not all(isinstance(hit, str) for hit in hits):
            raise self._caller.malformed("sanctions_hits is missing")
        court = fields.get("court_dishonest")
        if not isinstance(court, bool):
            raise self._caller.malformed("court_dishonest is missing")
        return IdentityAnswer(reference, matched, tuple(hits), court)

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()
