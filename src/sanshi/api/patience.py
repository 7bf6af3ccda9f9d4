"""Patience: how often one address, or one key, may ask before it is told to wait."""

from __future__ import annotations

from http import HTTPStatus

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request


class Patience:
    """Counts who asks how often. Counts are this process's own and gone with it."""

    def __init__(self) -> None:
        """Begin with nobody counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def ask(self, request: Request, allowed: RateLimitItem, who: str = "") -> None:
        """Count one for somebody, else for the address; refuse with 429 and the time to wait."""
        address = request.client.host if request.client else ""
        if not self._limiter.hit(allowed, who or address):
            seconds = str(allowed.get_expiry())
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": seconds})
