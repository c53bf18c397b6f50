"""Photos lose what they tell about place and device, and nothing of what they show."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.work.visits.pictures import BIGGEST, Unusable, cleaned

PLACE = b"31.2304N 121.4737E"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(orientation: int, order: str = ">") -> bytes:
    mark = b"MM" if order == ">" else b"II"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    other = struct.pack(order + "HHI4s", 0x010F, 2, 4, b"Cam\0")
    return b"Exif\0\0" + struct.pack(order + "2sHIH", mark, 42, 8, 2) + other + entry + b"\0\0\0\0" + PLACE


SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
TABLE = segment(0xDB, b"\x00" * 65)
JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")


def jpeg(*segments: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(segments) + TABLE + SCAN + b"\xff\xd9" + after


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_the_place_of_a_jpeg_is_gone() -> None:
    kept = cleaned(jpeg(JFIF, segment(0xE1, exif(1)), segment(0xFE, b"at home"), segment(0xED, b"Photoshop")))
    assert kept.content == jpeg(JFIF)
    assert kept.content_type == "image/jpeg"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_held_upright_stays_upright(order: str) -> None:
    """Without its orientation a photo taken on a phone would lie on its side."""
    kept = cleaned(jpeg(JFIF, segment(0xE1, exif(6, order)))).content
    assert PLACE not in kept and b"Cam" not in kept
    assert kept.startswith(b"\xff\xd8\xff\xe1")
    assert cleaned(kept).content == kept
    assert struct.unpack_from(">HHIH", kept, kept.index(b"MM\0*") + 10) == (0x0112, 3, 1, 6)


def test_colours_stay_and_second_pictures_go() -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01abc")
    depth = segment(0xE2, b"MPF\0" + PLACE)
    assert cleaned(jpeg(JFIF, profile, depth, after=PLACE)).content == jpeg(JFIF, profile)


def test_several_scans_are_kept() -> None:
    progressive = b"\xff\xd8" + JFIF + TABLE + SCAN + segment(0xC4, b"\0" * 20) + SCAN + b"\xff\xd9"
    assert cleaned(progressive).content == progressive


def test_the_place_of_a_png_is_gone() -> None:
    kept = cleaned(png(chunk(b"eXIf", PLACE), chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"gAMA", b"\0\0\xb1\x8f")))
    assert kept.content == png(chunk(b"gAMA", b"\0\0\xb1\x8f"))
    assert kept.content_type == "image/png"


def test_the_place_of_a_webp_is_gone() -> None:
    head = bytes([0x08 | 0x04 | 0x10]) + b"\0" * 9
    kept = cleaned(webp((b"VP8X", head), (b"VP8L", b"abc"), (b"EXIF", PLACE), (b"XMP ", PLACE)))
    assert kept.content == webp((b"VP8X", bytes([0x10]) + b"\0" * 9), (b"VP8L", b"abc"))
    assert kept.content_type == "image/webp"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a....",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        jpeg(JFIF)[:-40],
        png()[:-8],
        webp((b"EXIF", PLACE)),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"x"),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unusable, match=r"照片|JPEG"):
        cleaned(content)


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(Unusable, match="8 MB"):
        cleaned(jpeg() + b"\0" * BIGGEST)


def test_equal_photos_have_equal_digests() -> None:
    assert cleaned(jpeg(JFIF)).digest == cleaned(jpeg(JFIF, segment(0xFE, b"x"))).digest
    assert cleaned(jpeg(JFIF)).digest != cleaned(png()).digest


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"]))
def test_any_bytes_are_taken_or_refused(rest: bytes, start: bytes) -> None:
    """A broken file never becomes a crash, and what is taken is stable."""
    try:
        kept = cleaned(start + rest)
    except Unusable as refused:
        assert str(refused)
    else:
        assert cleaned(kept.content).content == kept.content


@given(st.binary(max_size=120), st.integers(0, 7))
def test_a_damaged_exif_never_stops_a_photo(tiff: bytes, cut: int) -> None:
    body = (b"Exif\0\0" + b"MM\0*" + tiff)[: 10 + len(tiff) - cut]
    try:
        assert tiff[-20:] not in cleaned(jpeg(segment(0xE1, body))).content or len(tiff) < 20
    except Unusable as refused:
        assert "照片" in str(refused)
