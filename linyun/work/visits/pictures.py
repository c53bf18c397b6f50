"""Photos as they may be kept: JPEG, PNG or WebP by their first bytes, without camera data (place, time, device).

Nothing is decoded: the files' own containers are taken apart and put together again from what shows the picture.
References: ITU-T T.81 (JPEG) B.1, Exif 3.0 4.5, PNG third edition 11, RFC 9649 (WebP) 2.7.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from linyun.kernel.words import say

BIGGEST = 8 * 2**20
MOST = 6
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SHOWN_IN_PNG = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP", b"pHYs", b"sBIT", b"bKGD")
)
_SHOWN_IN_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_PIXELS_IN_WEBP = frozenset((b"VP8 ", b"VP8L", b"ANMF"))
_WEBP_TELLS = 0x08 | 0x04  # the flags of VP8X that announce Exif and XMP
_TELLING = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""What application segments must begin with to belong to the picture; anything else may tell where and by whom."""
_ORIENTATION = 0x0112


class Unusable(ValueError):
    """A file cannot be kept as a photo; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo without its camera data."""

    content: bytes
    content_type: str

    @property
    def digest(self) -> str:
        """Equal for equal photos."""
        return hashlib.sha256(self.content).hexdigest()


def cleaned(content: bytes) -> Picture:
    """The picture alone. Raises Unusable for anything too large, of another kind, or damaged."""
    if len(content) > BIGGEST:
        raise Unusable(say("照片超过 8 MB，请在手机里选小一点的尺寸再传"))
    try:
        if content.startswith(_JPEG):
            return Picture(_jpeg(content), "image/jpeg")
        if content.startswith(_PNG):
            return Picture(_png(content), "image/png")
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return Picture(_webp(content), "image/webp")
    except (struct.error, IndexError) as damaged:
        raise Unusable(say("照片不完整，请重新拍一张")) from damaged
    raise Unusable(say("只能放照片：JPEG、PNG 或 WebP"))


def _jpeg(data: bytes) -> bytes:
    """Tables, frames and scans; of the application segments only JFIF, Adobe and colour profiles stay."""
    out, at, turned, scanned = bytearray(b"\xff\xd8"), 2, 1, False
    while True:
        if data[at] != 0xFF:
            raise Unusable(say("照片不完整，请重新拍一张"))
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            break
        (size,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + size]
        if size < 2 or len(segment) != 2 + size:
            raise Unusable(say("照片不完整，请重新拍一张"))
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:]) or turned
        elif _shows(marker, segment):
            out += segment
        at += 2 + size
        if marker == 0xDA:
            scanned = True
            end = _end_of_scan(data, at)
            out += data[at:end]
            at = end
    if not scanned:
        raise Unusable(say("照片不完整，请重新拍一张"))
    return bytes(out[:2] + _turn(turned) + out[2:]) + b"\xff\xd9"


def _shows(marker: int, segment: bytes) -> bool:
    """Whether a segment belongs to the picture: APP0 JFIF, APP2 with a colour profile, APP14, all but APPn and COM."""
    if marker in _TELLING:
        return segment[4:].startswith(_TELLING[marker])
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where entropy-coded data ends: at a marker that is neither a stuffed zero nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unusable(say("照片不完整，请重新拍一张"))
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(tiff: bytes) -> int | None:
    """How the camera was held (1–8), from the first directory; the one thing without which a photo lies on its side."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for n in range(min(count, 200)):
        tag, kind, _many, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * n)
        if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
            return int(value)
    return None


def _turn(orientation: int) -> bytes:
    """An Exif segment that says only how to turn the picture; nothing when it stands upright."""
    if orientation == 1:
        return b""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return struct.pack(">HH", 0xFFE1, 2 + 6 + len(tiff)) + b"Exif\0\0" + tiff


def _png(data: bytes) -> bytes:
    out, at = bytearray(_PNG), len(_PNG)
    names: list[bytes] = []
    while at < len(data) and (not names or names[-1] != b"IEND"):
        size, name = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + size]
        if len(chunk) != 12 + size:
            raise Unusable(say("照片不完整，请重新拍一张"))
        if name in _SHOWN_IN_PNG:
            out += chunk
        names.append(name)
        at += 12 + size
    if b"IDAT" not in names or names[-1] != b"IEND":
        raise Unusable(say("照片不完整，请重新拍一张"))
    return bytes(out)


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + size]
        if len(body) != size:
            raise Unusable(say("照片不完整，请重新拍一张"))
        yield name, body
        at += 8 + size + size % 2


def _webp(data: bytes) -> bytes:
    body, shown = bytearray(b"WEBP"), False
    for name, chunk in _riff_chunks(data):
        shown = shown or name in _PIXELS_IN_WEBP
        if name not in _SHOWN_IN_WEBP:
            continue
        kept = bytes([chunk[0] & ~_WEBP_TELLS]) + chunk[1:] if name == b"VP8X" else chunk
        body += struct.pack("<4sI", name, len(kept)) + kept + b"\0" * (len(kept) % 2)
    if not shown:
        raise Unusable(say("照片不完整，请重新拍一张"))
    return b"RIFF" + struct.pack("<I", len(body)) + bytes(body)
