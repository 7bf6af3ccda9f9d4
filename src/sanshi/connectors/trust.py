"""Whom connections trust: the certificate authorities that httpx brings."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Return the authorities; read once, as each reading takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)
