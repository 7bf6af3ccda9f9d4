"""The `Messages` port over HTTP."""

from __future__ import annotations

import httpx

from sanshi.connectors.calls import Caller


class HttpMessages:
    """The text message provider over HTTP. An id that comes again is not sent again."""

    def __init__(
        self, base_url: str, secret: str, *, timeout_seconds: float, connect_seconds: float = 2.0
    ) -> None:
        """Connect lazily; `timeout_seconds` bounds each wait for an answer."""
        self._caller = Caller(
            base_url,
            secret,
            system="sms",
            timeout_seconds=timeout_seconds,
            connect_seconds=connect_seconds,
            unknown_fix="Ask for another message; the first may still come.",
        )

    def send(self, *, message_id: str, mobile: str, text: str) -> None:
        """Send a text message 短信; no error carries what was sent."""
        body = {"message_id": message_id, "mobile": mobile, "text": text}
        reply = self._caller.call("POST", "/sms", body)
        if reply.status != httpx.codes.OK or reply.fields().get("message_id") != message_id:
            raise self._caller.malformed(f"status {reply.status}")

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()
