"""Forms as they come in: plain fields, not too many, with the proof that a page of ours sent them.

The proof `csrf` is made anew for each page, so that compression gives nothing away; it holds for
one device, whoever signs in on it, so that signing in elsewhere makes no open page stale.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sanshi.flows.world import World

MAX_FIELDS = 60
FORM_TYPE = "application/x-www-form-urlencoded"
_NONCE_BYTES = 8


class Sent(Mapping[str, str]):
    """The fields of a form, each as text; of several with one name the first counts."""

    def __init__(self, form: FormData) -> None:
        """Take the fields of a form."""
        self._form = form
        self._first = {name: str(form.getlist(name)[0]) for name in form}

    def __getitem__(self, name: str) -> str:
        """Return a field."""
        return self._first[name]

    def __iter__(self) -> Iterator[str]:
        """List the names."""
        return iter(self._first)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._first)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value that was sent under a name."""
        return tuple(str(value) for value in self._form.getlist(name))


async def read_form(request: Request) -> Sent:
    """Read a form; HTTPException if it is none, or none that a page of ours could have sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    # Starlette raises its own 400 for a form with more fields, or one it cannot read.
    return Sent(await request.form(max_files=0, max_fields=MAX_FIELDS))


def csrf_token(world: World, device: str) -> str:
    """Return the proof for the forms of one page."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    return f"{nonce}.{_proof(world, nonce, device)}"


def csrf_holds(world: World, token: str, device: str) -> bool:
    """Say whether a form carries a proof that was made for this device."""
    nonce, _, proof = token.partition(".")
    return token.isascii() and hmac.compare_digest(proof, _proof(world, nonce, device))


def from_elsewhere(request: Request) -> bool:
    """Say whether the browser says that another site sent this."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site not in {"same-origin", "none"}


def _proof(world: World, nonce: str, device: str) -> str:
    return world.keys.blind("csrf", f"{nonce}:{device}")
