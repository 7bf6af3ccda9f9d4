from __future__ import annotations

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sanshi.connectors.keyfile import KeyMaterial, read_key_file, rotate_master
from sanshi.connectors.keys import LocalKeys, ed25519_verify
from sanshi.kernel.errors import ImpossibleError, InputError
from sanshi.ports import Keys

_KEYS = LocalKeys(KeyMaterial({1: b"m" * 32}, 1, b"s" * 32))
_WRAPPED = _KEYS.new_data_key()
_PLAIN = "林小满 310000".encode()
_SEALED = _KEYS.seal(_WRAPPED, _PLAIN, "person/ps_1/name")


def test_it_is_the_port() -> None:
    port: Keys = _KEYS
    assert port.unseal(_WRAPPED, _SEALED, "person/ps_1/name") == _PLAIN


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_and_never_looks_alike(plain: bytes, context: str) -> None:
    wrapped = _KEYS.new_data_key()
    one, other = (_KEYS.seal(wrapped, plain, context) for _ in range(2))
    assert one != other
    assert _KEYS.unseal(wrapped, one, context) == plain
    assert _KEYS.unseal(wrapped, other, context) == plain


@pytest.mark.parametrize("at", range(len(_SEALED)))
def test_a_changed_byte_of_what_is_sealed_is_caught(at: int) -> None:
    with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
        _KEYS.unseal(_WRAPPED, _flip(_SEALED, at), "person/ps_1/name")


@pytest.mark.parametrize("at", range(len(_WRAPPED)))
def test_a_changed_byte_of_the_wrapped_key_is_caught(at: int) -> None:
    with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
        _KEYS.unseal(_flip(_WRAPPED, at), _SEALED, "person/ps_1/name")


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28, len(_SEALED) - 1])
def test_a_cut_sealed_value_is_caught(length: int) -> None:
    with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
        _KEYS.unseal(_WRAPPED, _SEALED[:length], "person/ps_1/name")


@pytest.mark.parametrize(
    "wrapped",
    [b"", _WRAPPED[:-1], _WRAPPED + b"\x00", bytes(62)],
    ids=["empty", "cut", "padded", "zeros"],  # random bytes would name the test anew each run
)
def test_a_cut_or_padded_wrapped_key_is_caught(wrapped: bytes) -> None:
    with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
        _KEYS.seal(wrapped, _PLAIN, "person/ps_1/name")


def test_another_context_another_person_or_another_file_does_not_open() -> None:
    for keys, wrapped, context in [
        (_KEYS, _WRAPPED, "person/ps_2/name"),
        (_KEYS, _KEYS.new_data_key(), "person/ps_1/name"),
        (LocalKeys(KeyMaterial({1: b"x" * 32}, 1, b"s" * 32)), _WRAPPED, "person/ps_1/name"),
    ]:
        with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
            keys.unseal(wrapped, _SEALED, context)


def test_the_blind_index_finds_one_spelling_of_a_value_and_tells_kinds_apart() -> None:
    digest = _KEYS.blind("mobile", "13800138000")
    assert digest == _KEYS.blind("mobile", " 138 0013 ８０００ ")
    assert _KEYS.blind("id_number", "99000019900101001X") == _KEYS.blind(
        "id_number", "99000019900101001x"
    )
    others = [
        _KEYS.blind("mobile", "13800138001"),
        _KEYS.blind("id_number", "13800138000"),
        _KEYS.blind("mobile1", "3800138000"),
        LocalKeys(KeyMaterial({1: b"x" * 32}, 1, b"s" * 32)).blind("mobile", "13800138000"),
    ]
    assert len({digest, *others}) == 5


def test_salts_are_32_fresh_bytes() -> None:
    salts = {_KEYS.salt() for _ in range(50)}
    assert len(salts) == 50
    assert {len(salt) for salt in salts} == {32}


def test_published_ed25519_vector() -> None:
    # RFC 8032 section 7.1, TEST 2.
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    keys = LocalKeys(KeyMaterial({1: b"m" * 32}, 1, seed))
    assert keys.public_key().hex() == public
    assert keys.sign(b"\x72").hex() == signature
    assert ed25519_verify(keys.public_key(), b"\x72", bytes.fromhex(signature))


def test_a_wrong_or_malformed_signature_is_no() -> None:
    signature, public = _KEYS.sign(b"payload"), _KEYS.public_key()
    assert ed25519_verify(public, b"payload", signature)
    assert not ed25519_verify(public, b"Payload", signature)
    assert not any(ed25519_verify(public, b"payload", _flip(signature, i)) for i in range(64))
    assert not ed25519_verify(public, b"payload", b"")
    assert not ed25519_verify(public[:-1], b"payload", signature)
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw()
    assert not ed25519_verify(other, b"payload", signature)


def test_a_key_file_is_made_once_with_mode_600(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    old = os.umask(0)
    try:
        material = read_key_file(path, create=True)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path, create=True) == material
    assert read_key_file(path) == material
    assert len(list(path.parent.iterdir())) == 1


def test_many_that_create_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: read_key_file(path, create=True), range(16)))
    assert len({material.signing_seed for material in read}) == 1


def test_a_missing_key_file_is_an_error_without_create(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_key_file(tmp_path / "keys.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610, 0o601])
def test_a_key_file_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    read_key_file(path, create=True)
    path.chmod(mode)
    with pytest.raises(InputError, match=f"mode {mode:04o}.*chmod 600"):
        read_key_file(path)


def test_a_link_or_a_folder_is_refused(tmp_path: Path) -> None:
    read_key_file(tmp_path / "keys.json", create=True)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "keys.json")
    with pytest.raises(InputError, match="cannot be opened"):
        read_key_file(link)
    with pytest.raises(InputError, match="no regular file"):
        read_key_file(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"master_keys": {"1": "00" * 31}}, "key 1 of 31 bytes"),
        ({"signing_seed": "00" * 33}, "signing_seed of 33 bytes"),
        ({"signing_seed": "xx"}, "no key file"),
        ({"current": 2}, "lacks its current key 2"),
        ({"current": 300, "master_keys": {"300": "00" * 32}}, "no byte"),
        ({"format": "other"}, "format 'other'"),
        ({"master_keys": []}, "no key file"),
    ],
)
def test_a_damaged_key_file_says_how(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "keys.json"
    read_key_file(path, create=True)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=message) as caught:
        read_key_file(path)
    assert caught.value.field == "key_file"


@pytest.mark.parametrize("text", [b"", b"[]", b"\xff", b"{}", b"null"])
def test_what_is_no_key_file_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(InputError, match="no key file"):
        read_key_file(path)


def test_rotation_keeps_old_values_open_and_the_index_and_signer_as_they_were(
    tmp_path: Path,
) -> None:
    path = tmp_path / "keys.json"
    old = LocalKeys(read_key_file(path, create=True))
    wrapped = old.new_data_key()
    sealed = old.seal(wrapped, b"plain", "c")
    new = LocalKeys(rotate_master(path))
    assert new.unseal(wrapped, sealed, "c") == b"plain"
    rewrapped = new.rewrap(wrapped)
    assert (wrapped[1], rewrapped[1], new.new_data_key()[1]) == (1, 2, 2)
    assert new.unseal(rewrapped, sealed, "c") == b"plain"
    with pytest.raises(ImpossibleError, match="no master key 2"):
        old.unseal(rewrapped, sealed, "c")
    assert new.blind("mobile", "1") == old.blind("mobile", "1")
    assert new.public_key() == old.public_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_key_material_does_not_show_itself(tmp_path: Path) -> None:
    material = read_key_file(tmp_path / "keys.json", create=True)
    shown = repr(material)
    assert material.signing_seed.hex() not in shown
    assert repr(material.signing_seed) not in shown
    assert repr(material.masters[1]) not in shown


def _flip(value: bytes, at: int) -> bytes:
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


def test_a_password_fits_its_hash_alone_and_is_not_in_it(
    real_scrypt_log_n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanshi.connectors.keys._SCRYPT_LOG_N", real_scrypt_log_n)
    hashed, again = (_KEYS.hash_password("caf\u00e9 au lait") for _ in range(2))
    assert hashed != again
    assert hashed.startswith("scrypt$14$8$5$")
    assert "lait" not in hashed
    assert _KEYS.password_fits("cafe\u0301 au lait", hashed)  # the same letters, written otherwise
    assert not _KEYS.password_fits("Caf\u00e9 au lait", hashed)


def test_a_password_hashed_with_other_parameters_still_fits() -> None:
    # RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1), cut to 32.
    published = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    salt, hashed = (
        base64.b64encode(part).decode() for part in (b"SodiumChloride", bytes.fromhex(published))
    )
    assert _KEYS.password_fits("pleaseletmein", f"scrypt$14$8$1${salt}${hashed}")
    assert not _KEYS.password_fits("pleaseletmeout", f"scrypt$14$8$1${salt}${hashed}")


@pytest.mark.parametrize(
    "hashed", ["", "x", "scrypt$14$8$5$", "scrypt$a$8$5$AA==$AA==", "md5$1$1$1$AA==$AA=="]
)
def test_a_hash_of_no_known_form_is_a_fault(hashed: str) -> None:
    with pytest.raises(ImpossibleError, match=r"keys\.tampered"):
        _KEYS.password_fits("x", hashed)
