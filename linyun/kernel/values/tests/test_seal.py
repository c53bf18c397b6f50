import base64
import os
import re

import pytest
from hypothesis import given

from linyun.kernel.values.seal import Sealer, SealError, digest_of
from linyun.kernel.values.tests.disguises import citizens

KEYS = {1: b"a" * 32, 2: b"b" * 32}
AES, SM = Sealer(KEYS), Sealer(KEYS, "sm")
NUMBER = "310110194803059990"


@given(citizens)
def test_what_is_sealed_opens_to_itself_in_both_suites(number):
    for sealer in (AES, SM):
        sealed = sealer.seal(number)
        assert sealer.open(sealed) == number
        assert number not in sealed and number.encode() not in base64.b64decode(sealed.rpartition(":")[2])


def test_the_sealed_form_is_versioned_and_carries_its_digests():
    sealed = AES.seal(NUMBER)
    assert re.fullmatch(r"s1:[0-9a-f]{32}:[0-9a-f]{16}:[A-Za-z0-9+/=]+", sealed)
    assert digest_of(sealed) == AES.digest(NUMBER) == sealed.split(":")[1]
    assert sealed.split(":")[2] == AES.tail_digest(NUMBER)


def test_the_same_number_has_one_digest_and_never_the_same_sealed_text():
    assert AES.digest(NUMBER) == AES.digest(NUMBER)
    assert AES.seal(NUMBER) != AES.seal(NUMBER)


def test_the_last_four_are_found_by_themselves_whatever_the_case_of_x():
    assert AES.tail_digest("11010519491231002X") == AES.tail_digest("002x")
    assert AES.tail_digest("9990") != AES.digest("9990")[:16]


def test_digests_need_the_key():
    stranger = Sealer({1: os.urandom(32)})
    assert stranger.digest(NUMBER) != AES.digest(NUMBER)
    with pytest.raises(SealError, match="damaged"):
        stranger.open(Sealer({1: KEYS[1]}).seal(NUMBER))


def test_a_new_key_opens_the_old_and_keeps_the_digests():
    old = Sealer({1: KEYS[1]})
    kept = old.seal(NUMBER)
    assert AES.open(kept) == NUMBER
    assert AES.digest(NUMBER) == old.digest(NUMBER)
    assert not AES.is_current(kept) and AES.is_current(AES.seal(NUMBER))


def test_a_missing_key_is_named():
    with pytest.raises(SealError, match="key 2"):
        Sealer({1: KEYS[1]}).open(AES.seal(NUMBER))


def test_either_suite_opens_the_others_texts():
    assert AES.open(SM.seal(NUMBER)) == NUMBER
    assert SM.open(AES.seal(NUMBER)) == NUMBER
    assert SM.digest(NUMBER) != AES.digest(NUMBER)


def test_a_sealed_number_cannot_be_moved_under_another_digest():
    mine, other = AES.seal(NUMBER).split(":"), AES.seal("310110194803059991").split(":")
    for at in (1, 2):
        moved = [*mine]
        moved[at] = other[at] if mine[at] != other[at] else "0" * len(mine[at])
        with pytest.raises(SealError):
            AES.open(":".join(moved))


def test_every_flipped_bit_is_noticed():
    head, blob = AES.seal(NUMBER).rsplit(":", 1)
    raw = base64.b64decode(blob)
    for at in range(len(raw)):
        bad = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(SealError):
            AES.open(f"{head}:{base64.b64encode(bad).decode()}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s1",
        "s1:a:b",
        "s1:a:b:c",
        "s2:a:b:AQACAA==",
        NUMBER,
        "s1:a:b:!!!!",
        "s1:a:b:" + base64.b64encode(b"\x01\x00\x01short").decode(),
    ],
)
def test_what_is_not_sealed_is_refused(text):
    with pytest.raises(SealError):
        AES.open(text)


@pytest.mark.parametrize("keys", [{}, {0: b"a" * 32}, {1: b"short"}, {70000: b"a" * 32}])
def test_keys_that_cannot_work_are_refused_at_once(keys):
    with pytest.raises(ValueError, match="keys"):
        Sealer(keys)


def test_batches_keep_their_order():
    numbers = [NUMBER, "310110194803059991", NUMBER]
    sealed = AES.seal_all(numbers)
    assert AES.open_all(sealed) == numbers
    assert [digest_of(s) for s in sealed] == AES.digest_all(numbers)
