"""Cookies: the device's own mark, the login's token, and how somebody likes to read.

All are sent to this site alone and read by no script. Names begin with `__Host-` where pages are
served over https, which keeps neighbours from setting them.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from sanshi.flows.world import World

DEVICE, LOGIN, LANGUAGE, CARE = "device", "login", "lang", "care"
_LONG = int(timedelta(days=365).total_seconds())
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Jar:
    """The cookies of one site. `room` keeps apart sites that share a host."""

    room: str
    secure: bool

    def name(self, what: str) -> str:
        """Return a cookie's name."""
        return f"{'__Host-' if self.secure else ''}sanshi_{self.room}_{what}"

    def read(self, request: Request, what: str) -> str:
        """Return what a cookie holds, or nothing."""
        return request.cookies.get(self.name(what), "")

    def put(self, response: Response, what: str, text: str, *, lasting: bool = True) -> None:
        """Set a cookie, for a year or until the browser closes."""
        response.set_cookie(
            self.name(what),
            text,
            max_age=_LONG if lasting else None,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, what: str) -> None:
        """Forget a cookie."""
        response.delete_cookie(
            self.name(what), path="/", secure=self.secure, httponly=True, samesite="lax"
        )


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: its mark, whether that is new, and whether somebody changed it."""

    device_id: str
    is_new: bool = False
    tampered: bool = False


def device_in(world: World, text: str) -> Device:
    """Read a device's mark; one without, or with one that we did not make, gets a new one."""
    device_id, _, seal = text.partition(".")
    if text.isascii() and device_id and hmac.compare_digest(seal, _seal(world, device_id)):
        return Device(device_id)
    return Device(secrets.token_hex(_ID_BYTES), is_new=True, tampered=bool(text))


def device_text(world: World, device: Device) -> str:
    """Return the mark as a cookie holds it: id and seal, so that a changed one is noticed."""
    return f"{device.device_id}.{_seal(world, device.device_id)}"


def _seal(world: World, device_id: str) -> str:
    return world.keys.blind("device_mark", device_id)
