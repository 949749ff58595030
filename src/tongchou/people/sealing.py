"""Sealing of short texts with AES-256-GCM or SM4-GCM, under keys that can be changed.

A sealed text reads `KEY_ID.base64url(nonce, ciphertext, tag)`. It opens only in the place it was
sealed for: key id and place are authenticated with it, so that one row's text put into another
row, or another column, opens nowhere.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tongchou.people.errors import CannotOpen

KEY_BYTES = {"aes-256-gcm": 32, "sm4-gcm": 16}
_NONCE, _TAG = 12, 16  # bytes; 96 random bits serve four thousand million texts per key


def active_key() -> str:
    """The id of the key that new texts are sealed with."""
    return str(settings.PII_ACTIVE_KEY)


def seal(text: str, place: str, *, key_id: str | None = None, nonce: bytes | None = None) -> str:
    """`text`, readable only at `place`. `nonce` is for known-answer tests; never use one twice."""
    key_id = key_id or active_key()
    algorithm, key = _key(key_id)
    nonce = nonce or os.urandom(_NONCE)
    sealed = _encrypt(algorithm, key, nonce, text.encode(), _bound(key_id, place))
    return f"{key_id}.{urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def unseal(sealed: str, place: str) -> str:
    """What `seal` was given.

    Raises
    ------
    CannotOpen
        Where the key is not in `PII_KEYS`, or the text was changed, cut, or moved from its place.
    """
    key_id, _, body = sealed.partition(".")
    algorithm, key = _key(key_id)
    try:
        raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if len(raw) < _NONCE + _TAG:
            raise ValueError("too short")
        plain = _decrypt(algorithm, key, raw[:_NONCE], raw[_NONCE:], _bound(key_id, place))
        return plain.decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"what is stored at {place} was changed or moved there") from error


def key_id_of(sealed: str) -> str:
    """The key a text was sealed with."""
    return sealed.partition(".")[0]


def _key(key_id: str) -> tuple[str, bytes]:
    try:
        algorithm, key = settings.PII_KEYS[key_id]
    except KeyError:
        raise CannotOpen(f"key {key_id!r} is not in PII_KEYS; put it back to read") from None
    if len(key) != KEY_BYTES.get(algorithm):
        raise CannotOpen(f"key {key_id!r} is not a key for {algorithm}")
    return algorithm, key


def _bound(key_id: str, place: str) -> bytes:
    return f"{key_id}|{place}".encode()


def _encrypt(algorithm: str, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    if algorithm == "aes-256-gcm":
        return AESGCM(key).encrypt(nonce, plain, bound)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    body = encryptor.update(plain) + encryptor.finalize()
    return body + encryptor.tag


def _decrypt(algorithm: str, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    if algorithm == "aes-256-gcm":
        return AESGCM(key).decrypt(nonce, sealed, bound)
    body, tag = sealed[:-_TAG], sealed[-_TAG:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body) + decryptor.finalize()
