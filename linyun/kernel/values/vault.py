"""Locking of whole files (uploads, photos): AES-256-GCM under the newest key, compressed first."""

import os
import zlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Locked(ValueError):
    """A file cannot be opened: damaged, or locked with a key that is not at hand."""


class Vault:
    """Locks and opens bytes. ``keys``: version → 32 random bytes; the highest version locks."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        derive = {v: HKDF(hashes.SHA256(), 32, None, b"linyun vault").derive(k) for v, k in keys.items()}
        self._keys = {v: AESGCM(k) for v, k in derive.items()}
        self._newest = max(keys)

    def lock(self, content: bytes) -> bytes:
        """Compress and encrypt."""
        nonce, head = os.urandom(_NONCE), self._newest.to_bytes(2, "big")
        return head + nonce + self._keys[self._newest].encrypt(nonce, zlib.compress(content, 3), head)

    def open(self, locked: bytes) -> bytes:
        """The bytes as they were. Raises Locked."""
        blob = bytes(locked)
        head, nonce, body = blob[:2], blob[2 : 2 + _NONCE], blob[2 + _NONCE :]
        try:
            return zlib.decompress(self._keys[int.from_bytes(head, "big")].decrypt(nonce, body, head))
        except (KeyError, ValueError, InvalidTag, zlib.error) as error:
            raise Locked("damaged, or locked with a key that is not at hand") from error
