"""Photos as odd cameras and programs write them: what tells about place, time or device goes, wherever it hides."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.work.visits.pictures import Unusable, cleaned
from linyun.work.visits.tests.test_pictures import JFIF, PLACE, SCAN, TABLE, chunk, exif, jpeg, png, segment, webp

WHOLE = jpeg(JFIF)
ORIENTATION_AT = 10


def turned(content):
    """The orientation that a cleaned photo tells, 1 when it tells none."""
    at = content.find(b"MM\0*")
    return struct.unpack_from(">HHIH", content, at + ORIENTATION_AT)[3] if at > 0 else 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_the_photo_stands_upright(orientation, order):
    kept = cleaned(jpeg(JFIF, segment(0xE1, exif(orientation, order)))).content
    assert turned(kept) == orientation
    assert PLACE not in kept and cleaned(kept).content == kept


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_impossible_orientation_is_none(orientation):
    assert cleaned(jpeg(JFIF, segment(0xE1, exif(orientation)))).content == WHOLE


TELLING = [
    (0xE0, b"AVI1" + PLACE),
    (0xE0, b"JFXX\0" + PLACE),
    (0xE0, PLACE),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
    (0xE1, b"Exif\0\0"),
    (0xE2, b"FPXR\0" + PLACE),
    (0xE3, PLACE),
    (0xEB, PLACE),
    (0xED, b"Photoshop 3.0\0" + PLACE),
    (0xEE, PLACE),
    (0xEF, PLACE),
    (0xFE, PLACE),
]


@pytest.mark.parametrize(("marker", "body"), TELLING)
def test_a_segment_that_may_tell_anything_goes(marker, body):
    """Not its number says that a segment belongs to the picture, but how it begins."""
    assert cleaned(jpeg(JFIF, segment(marker, body))).content == WHOLE


@pytest.mark.parametrize(
    "belongs", [segment(0xEE, b"Adobe\0d\0\0\0\0\1"), segment(0xE2, b"ICC_PROFILE\0\1\1abc"), segment(0xDD, b"\0\4")]
)
def test_what_the_colours_need_stays(belongs):
    assert cleaned(jpeg(JFIF, belongs)).content == jpeg(JFIF, belongs)


def test_what_hides_between_two_scans_goes_too():
    between = b"\xff\xd8" + JFIF + TABLE + SCAN + segment(0xFE, PLACE) + segment(0xE1, exif(1)) + SCAN + b"\xff\xd9"
    assert cleaned(between).content == b"\xff\xd8" + JFIF + TABLE + SCAN + SCAN + b"\xff\xd9"


def test_fill_bytes_before_a_marker_are_no_damage():
    filled = b"\xff\xd8" + JFIF + b"\xff\xff\xff" + TABLE[1:] + SCAN + b"\xff\xd9"
    assert cleaned(filled).content == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + JFIF + b"\xff\xd9",
        b"\xff\xd8" + JFIF + TABLE + b"\xff\xd9",
        b"\xff\xd8" + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12",
        b"\xff\xd8\xff\xe0\x00\x01",
        webp((b"VP8X", b"\0" * 10)),
        webp((b"ICCP", b"abc")),
        webp((b"ALPH", b"abcd"), (b"XMP ", PLACE)),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_frame_without_a_picture_is_no_photo(content):
    with pytest.raises(Unusable, match="照片"):
        cleaned(content)


@given(st.binary(min_size=1, max_size=60), st.integers(0xE0, 0xEF))
@settings(max_examples=80)
def test_nothing_of_an_application_segment_survives_but_what_belongs(body, marker):
    kept = cleaned(jpeg(JFIF, segment(marker, b"\x7fx" + body))).content
    assert kept == WHOLE


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVW", b"acTL", b"fdAT"])
def test_chunks_of_a_png_that_tell_go(name):
    assert cleaned(png(chunk(name, b"Comment\0" + PLACE))).content == png()


def test_what_follows_the_end_of_a_png_goes():
    assert cleaned(png() + PLACE).content == png()
    assert cleaned(png() + chunk(b"tEXt", PLACE)).content == png()


def test_a_png_keeps_each_chunk_with_its_sum():
    extra = chunk(b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\1"), chunk(b"sRGB", b"\0")
    kept = cleaned(png(*extra)).content
    at = 8
    while at < len(kept):
        size, name = struct.unpack_from(">I4s", kept, at)
        (told,) = struct.unpack_from(">I", kept, at + 8 + size)
        assert told == zlib.crc32(name + kept[at + 8 : at + 8 + size])
        at += 12 + size
    assert kept == png(*extra)


@given(st.lists(st.sampled_from([b"EXIF", b"XMP ", b"junk", b"ICCP", b"ALPH"]), max_size=4), st.integers(1, 7))
@settings(max_examples=60)
def test_a_webp_says_its_own_length_and_nothing_else(names, size):
    told = [(name, PLACE if name in (b"EXIF", b"XMP ", b"junk") else b"c" * size) for name in names]
    kept = cleaned(webp((b"VP8X", b"\x3c" + b"\0" * 9), *told, (b"VP8L", b"p" * size))).content
    assert struct.unpack_from("<I", kept, 4)[0] == len(kept) - 8 and len(kept) % 2 == 0
    assert PLACE not in kept and cleaned(kept).content == kept
    flags = kept[kept.index(b"VP8X") + 8]
    assert flags & 0x0C == 0 and flags & 0x30 == 0x30, "announces no Exif and no XMP, but its alpha and its profile"
