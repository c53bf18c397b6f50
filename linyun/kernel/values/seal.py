"""Sealing of identity numbers: encrypted for keeping, with a keyed digest for finding.

Sealed form: ``s1:<digest, 32 hex>:<digest of the last four, 16 hex>:<base64>``, the last of algorithm, key version,
nonce, ciphertext and tag. The digests and the header are authenticated with the ciphertext, so that no sealed number
can be moved under other digests. A digest is the same for the same number as long as the first key lives; the nonce is
random. Keys are added, never replaced.
"""

import base64
import hmac
import os
import struct
from collections.abc import Iterable, Mapping
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Suite = Literal["aes", "sm"]
PREFIX = "s1"
MOST_TAILS = 11_000
"""Digests of tails kept at hand: there are ten thousand of four digits, and a thousand that end in X."""
_AES, _SM4 = 1, 2
_NONCE, _TAG, _HEADER = 12, 16, struct.Struct(">BH")


class SealError(ValueError):
    """A sealed text cannot be opened: damaged, moved, or made with a key that is not at hand."""


class Sealer:
    """Seals and opens. ``keys``: version → 32 random bytes; the highest version seals, the lowest makes the digests.

    ``suite``: "aes" is AES-256-GCM with HMAC-SHA256; "sm" is SM4-GCM with HMAC-SM3 (GB/T 32907, GB/T 32905). Sealed
    texts of either suite can be opened whichever is chosen; their digests differ, so the suite is chosen once.
    """

    def __init__(self, keys: Mapping[int, bytes], suite: Suite = "aes") -> None:
        if not keys or any(len(k) != 32 for k in keys.values()) or not all(0 < v < 65536 for v in keys):
            raise ValueError("keys: at least one, versions 1 … 65535, 32 bytes each")
        self.suite = suite
        self._version = max(keys)
        self._aes = {v: AESGCM(_derive(k, b"linyun seal aes", 32)) for v, k in keys.items()}
        self._sm4 = {v: _derive(k, b"linyun seal sm4", 16) for v, k in keys.items()}
        self._tails: dict[str, str] = {}
        self._digest_key = _derive(keys[min(keys)], b"linyun digest " + suite.encode(), 32)

    def digest(self, text: str) -> str:
        """The keyed digest of a normalised number: 32 hex characters, the same every time."""
        return self._mac(b"number\0" + text.encode()).hex()[:32]

    def tail_digest(self, text: str) -> str:
        """The keyed digest of the last four characters, for finding by them: 16 hex characters."""
        tail = text[-4:].upper()
        found = self._tails.get(tail)
        if found is None:
            if len(self._tails) >= MOST_TAILS:
                self._tails.clear()
            found = self._tails[tail] = self._mac(b"tail\0" + tail.encode()).hex()[:16]
        return found

    def seal(self, text: str) -> str:
        """Seal a normalised number under the newest key."""
        digest, tail = self.digest(text), self.tail_digest(text)
        nonce = os.urandom(_NONCE)
        header = _HEADER.pack(_AES if self.suite == "aes" else _SM4, self._version)
        bound = f"{digest}:{tail}".encode() + header
        if self.suite == "aes":
            body = self._aes[self._version].encrypt(nonce, text.encode(), bound)
        else:
            body = _sm4_seal(self._sm4[self._version], nonce, text.encode(), bound)
        return f"{PREFIX}:{digest}:{tail}:{base64.b64encode(header + nonce + body).decode()}"

    def open(self, sealed: str) -> str:
        """The number within a sealed text. Raises SealError when it is damaged or its key is missing."""
        try:
            prefix, digest, tail, encoded = sealed.split(":")
            blob = base64.b64decode(encoded, validate=True)
            algorithm, version = _HEADER.unpack_from(blob)
        except (ValueError, struct.error) as error:
            raise SealError("not a sealed text") from error
        if prefix != PREFIX or len(blob) < _HEADER.size + _NONCE + _TAG or version not in self._aes:
            raise SealError(f"sealed with key {version}, which is not at hand" if prefix == PREFIX else "unknown form")
        header, nonce = blob[: _HEADER.size], blob[_HEADER.size : _HEADER.size + _NONCE]
        body, bound = blob[_HEADER.size + _NONCE :], f"{digest}:{tail}".encode() + header
        try:
            if algorithm == _AES:
                return self._aes[version].decrypt(nonce, body, bound).decode()
            return _sm4_open(self._sm4[version], nonce, body, bound).decode()
        except InvalidTag as error:
            raise SealError("damaged, moved or sealed elsewhere") from error

    def seal_all(self, texts: Iterable[str]) -> list[str]:
        """Seal many numbers, in their order."""
        return [self.seal(text) for text in texts]

    def digest_all(self, texts: Iterable[str]) -> list[str]:
        """Digests of many numbers, in their order."""
        return [self.digest(text) for text in texts]

    def open_all(self, sealed: Iterable[str]) -> list[str]:
        """Open many sealed texts, in their order. Raises SealError at the first that cannot be opened."""
        return [self.open(text) for text in sealed]

    def is_current(self, sealed: str) -> bool:
        """Whether a sealed text was made with the newest key; others should be sealed again."""
        blob = base64.b64decode(sealed.rpartition(":")[2])
        return _HEADER.unpack_from(blob) == (_AES if self.suite == "aes" else _SM4, self._version)

    def _mac(self, message: bytes) -> bytes:
        return hmac.digest(self._digest_key, message, "sha256" if self.suite == "aes" else "sm3")


def digest_of(sealed: str) -> str:
    """The digest that a sealed text carries."""
    return sealed.split(":", 2)[1]


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=purpose).derive(key)


def _sm4_seal(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _sm4_open(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body[:-_TAG]) + decryptor.finalize()
