"""Ciphers and signatures from one local key file: the `Keys` port.

Every person has a data key, stored wrapped under the master key; what is sealed with it dies
with it. Key material never leaves this module. Three purposes, three keys: wrapping and the
blind index are derived from master keys by HKDF with their own labels; the log signs with an
Ed25519 seed of its own.

Formats, first byte the format's version: wrapped key = 01 | master id | nonce 12 | key 32 |
tag 16; sealed = 01 | nonce 12 | text | tag 16. The head bytes are authenticated as well.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sanshi.connectors.keyfile import KEY_BYTES, KeyMaterial
from sanshi.kernel.errors import ImpossibleError

_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_WRAP_HEAD_BYTES = 2
_WRAPPED_BYTES = _WRAP_HEAD_BYTES + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES
_WRAP_LABEL = b"sanshi/wrap/v1"
_SEAL_LABEL = b"sanshi/seal/v1"
_INDEX_LABEL = b"sanshi/blind-index/v1"

# OWASP's figures for scrypt at 16 MiB a check: a sign-in costs a tenth of a second or two.
_SCRYPT_LOG_N, _SCRYPT_R, _SCRYPT_P = 14, 8, 5
_SCRYPT_SALT_BYTES = 16
_SCRYPT_MAX_BYTES = 64 * 1024 * 1024
_SCRYPT_PARTS = 6


class LocalKeys:
    """The `Keys` port over key material held in this process."""

    def __init__(self, material: KeyMaterial) -> None:
        """Derive the working keys."""
        self._current = material.current
        self._wrapping = {
            key_id: AESGCM(_derive(key, _WRAP_LABEL)) for key_id, key in material.masters.items()
        }
        # The oldest master key carries the blind index, so that rotation keeps every index.
        self._index_key = _derive(material.masters[min(material.masters)], _INDEX_LABEL)
        self._signing = Ed25519PrivateKey.from_private_bytes(material.signing_seed)

    def new_data_key(self) -> bytes:
        """Return a fresh data key, wrapped under the current master key."""
        return self._wrap(secrets.token_bytes(KEY_BYTES))

    def rewrap(self, wrapped_key: bytes) -> bytes:
        """Return the same data key wrapped under the current master key, after a rotation."""
        return self._wrap(self._unwrap(wrapped_key))

    def seal(self, wrapped_key: bytes, plain: bytes, context: str) -> bytes:
        """Encrypt and authenticate; `context` must be the same to open."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = AESGCM(self._unwrap(wrapped_key))
        head = bytes([_VERSION])
        return head + nonce + cipher.encrypt(nonce, plain, _seal_context(head, context))

    def unseal(self, wrapped_key: bytes, sealed: bytes, context: str) -> bytes:
        """Decrypt, or raise ImpossibleError `keys.tampered`."""
        cipher = AESGCM(self._unwrap(wrapped_key))
        head, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if head != bytes([_VERSION]) or len(body) < _TAG_BYTES:
            raise _tampered("The sealed value has no known form.")
        try:
            return cipher.decrypt(nonce, body, _seal_context(head, context))
        except InvalidTag as error:
            raise _tampered("The sealed value, its key or its context was changed.") from error

    def blind(self, kind: str, value: str) -> str:
        """Return a keyed digest of a value, so that it is found without being stored in clear.

        Width, case and white space do not matter: '１３８ 0013' finds '1380013'.
        """
        plain = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
        message = len(kind.encode()).to_bytes(2) + kind.encode() + plain.encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def hash_password(self, password: str) -> str:
        """Return 'scrypt$14$8$5$salt$hash'; the parameters stand in it, so that they may rise."""
        salt = secrets.token_bytes(_SCRYPT_SALT_BYTES)
        work = (_SCRYPT_LOG_N, _SCRYPT_R, _SCRYPT_P)
        shown = (base64.b64encode(part).decode() for part in (salt, _scrypt(password, salt, work)))
        return "$".join(("scrypt", *map(str, work), *shown))

    def password_fits(self, password: str, hashed: str) -> bool:
        """Say whether a password is the one that was hashed; both writings of 'é' are one."""
        parts = hashed.split("$")
        try:
            log_n, r, p = map(int, parts[1:4])
            salt, wanted = (base64.b64decode(part, validate=True) for part in parts[4:])
        except (ValueError, binascii.Error) as error:
            raise _tampered("The stored hash of a password has no known form.") from error
        if parts[0] != "scrypt" or len(parts) != _SCRYPT_PARTS:
            raise _tampered("The stored hash of a password has no known form.")
        return hmac.compare_digest(_scrypt(password, salt, (log_n, r, p)), wanted)

    def salt(self) -> bytes:
        """Return 32 fresh random bytes for a salted commitment."""
        return secrets.token_bytes(KEY_BYTES)

    def sign(self, payload: bytes) -> bytes:
        """Return the Ed25519 signature of the log's key."""
        return self._signing.sign(payload)

    def public_key(self) -> bytes:
        """Return the raw 32-byte public key that checks `sign`."""
        return self._signing.public_key().public_bytes_raw()

    def _wrap(self, data_key: bytes) -> bytes:
        head = bytes([_VERSION, self._current])
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._wrapping[self._current]
        return head + nonce + cipher.encrypt(nonce, data_key, _WRAP_LABEL + head)

    def _unwrap(self, wrapped_key: bytes) -> bytes:
        if len(wrapped_key) != _WRAPPED_BYTES or wrapped_key[0] != _VERSION:
            raise _tampered("The wrapped data key has no known form.")
        head, rest = wrapped_key[:_WRAP_HEAD_BYTES], wrapped_key[_WRAP_HEAD_BYTES:]
        cipher = self._wrapping.get(head[1])
        if cipher is None:
            raise _tampered(f"The key file has no master key {head[1]}.")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _WRAP_LABEL + head)
        except InvalidTag as error:
            raise _tampered("The wrapped data key was changed, or wrapped elsewhere.") from error


def ed25519_verify(public_key: bytes, payload: bytes, signature: bytes) -> bool:
    """Say whether `signature` is that key's over the payload; malformed input is simply no."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def _scrypt(password: str, salt: bytes, work: tuple[int, int, int]) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    log_n, r, p = work
    return hashlib.scrypt(
        plain, salt=salt, n=1 << log_n, r=r, p=p, maxmem=_SCRYPT_MAX_BYTES, dklen=KEY_BYTES
    )


def _derive(key: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=label).derive(key)


def _seal_context(head: bytes, context: str) -> bytes:
    return _SEAL_LABEL + head + context.encode()


def _tampered(message: str) -> ImpossibleError:
    return ImpossibleError(
        "keys.tampered",
        message,
        fix="Check that the key file belongs to this database, then restore the row.",
    )
