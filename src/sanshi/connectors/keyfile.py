"""The key file: master keys and the log's signing seed, readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sanshi.kernel.errors import InputError

KEY_BYTES = 32
MAX_KEY_ID = 255
_FORMAT = "sanshi-keys/v1"
_MAX_FILE_BYTES = 1 << 20
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """Master keys by id (one byte, from 1), the id in use, and the Ed25519 signing seed.

    Old master keys stay, to open what they wrapped.
    """

    masters: Mapping[int, bytes] = field(repr=False)
    current: int
    signing_seed: bytes = field(repr=False)


def read_key_file(path: Path, *, create: bool = False) -> KeyMaterial:
    """Read the key file, or with `create` make a fresh one where none exists.

    Refuses a file that anybody but its owner may touch, or whose keys are not 32 bytes.
    """
    if create and not path.exists():
        _write(path, _fresh(), replace=False)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise _wrong(
            path, f"cannot be opened ({error.strerror})", "Name the key file, or let it be created."
        ) from error
    try:
        _check_mode(path, os.fstat(descriptor))
        return _parse(path, os.read(descriptor, _MAX_FILE_BYTES))
    finally:
        os.close(descriptor)


def rotate_master(path: Path) -> KeyMaterial:
    """Add a fresh master key to the file and make it the current one."""
    old = read_key_file(path)
    new_id = max(old.masters) + 1
    if new_id > MAX_KEY_ID:
        raise _wrong(path, f"already holds {MAX_KEY_ID} master keys", "Rewrap, then drop old ones.")
    masters = {**old.masters, new_id: secrets.token_bytes(KEY_BYTES)}
    _write(path, KeyMaterial(masters, new_id, old.signing_seed), replace=True)
    return read_key_file(path)


def _fresh() -> KeyMaterial:
    return KeyMaterial({1: secrets.token_bytes(KEY_BYTES)}, 1, secrets.token_bytes(KEY_BYTES))


def _check_mode(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _wrong(path, "is no regular file", "Name a plain file.")
    if found.st_mode & _OTHERS:
        mode = stat.S_IMODE(found.st_mode)
        raise _wrong(path, f"has mode {mode:04o}; others may touch it", f"Run: chmod 600 {path}")


def _parse(path: Path, text: bytes) -> KeyMaterial:
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise _wrong(path, f"has format {document['format']!r}", f"This reads {_FORMAT}.")
        masters = {int(key_id): bytes.fromhex(k) for key_id, k in document["master_keys"].items()}
        material = KeyMaterial(
            masters, int(document["current"]), bytes.fromhex(document["signing_seed"])
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(path, "is no key file of this program", "Restore it from a backup.") from error
    _check_material(path, material)
    return material


def _check_material(path: Path, material: KeyMaterial) -> None:
    for name, key in [*material.masters.items(), ("signing_seed", material.signing_seed)]:
        if len(key) != KEY_BYTES:
            raise _wrong(
                path,
                f"holds key {name} of {len(key)} bytes",
                f"Each key has {KEY_BYTES} bytes; restore the file from a backup.",
            )
    if material.current not in material.masters:
        raise _wrong(path, f"lacks its current key {material.current}", "Restore it.")
    if not all(1 <= key_id <= MAX_KEY_ID for key_id in material.masters):
        raise _wrong(path, "has a key id that is no byte", f"Use ids 1 to {MAX_KEY_ID}.")


def _write(path: Path, material: KeyMaterial, *, replace: bool) -> None:
    """Write whole or not at all; of two processes that create at once, the first wins."""
    document = {
        "format": _FORMAT,
        "current": material.current,
        "master_keys": {str(key_id): key.hex() for key_id, key in material.masters.items()},
        "signing_seed": material.signing_seed.hex(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp opens with mode 0600, whatever the umask.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        _place(Path(name), path, replace=replace)
    finally:
        Path(name).unlink(missing_ok=True)
    _sync_folder(path.parent)


def _place(temporary: Path, path: Path, *, replace: bool) -> None:
    if replace:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return  # another process was first; its file is read next


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _wrong(path: Path, what: str, fix: str) -> InputError:
    return InputError("keys.file", f"Key file {path} {what}.", field="key_file", fix=fix)
