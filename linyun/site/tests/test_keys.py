"""Keys of an installation: made once, private, never silently in production, and never another in place of one given."""

import base64
import json
import multiprocessing
import stat

import pytest

from linyun.kernel.values.vault import Locked, Vault
from linyun.site.secrets import MissingKey, Secrets, WrongKey

SIGNING = "s" * 40


def written(*numbers):
    """Data keys as the environment names them."""
    return ",".join(base64.b64encode(bytes([n]) * 32).decode() for n in numbers)


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = Secrets.load(tmp_path / "data", {})
    assert Secrets.load(tmp_path / "data", {}) == first
    assert stat.S_IMODE((tmp_path / "data" / "keys.json").stat().st_mode) == 0o600
    assert len(first.data_keys[1]) == 32
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["keys.json"], "nothing half-written stays beside"


def test_two_installations_have_different_keys(tmp_path):
    one, two = Secrets.load(tmp_path / "a", {}), Secrets.load(tmp_path / "b", {})
    assert one.signing != two.signing and one.data_keys != two.data_keys
    assert len(one.signing) >= 50


def _load(folder, answers):
    answers.put(Secrets.load(folder, {}).signing)


def test_of_first_starts_at_once_all_have_the_same_keys(tmp_path):
    """A web process and a job process begin together in an empty folder."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    both = [context.Process(target=_load, args=(tmp_path / "data", answers)) for _ in range(4)]
    for one in both:
        one.start()
    found = {answers.get(timeout=20) for _ in both}
    for one in both:
        one.join(20)
    assert found == {Secrets.load(tmp_path / "data", {}).signing}


def test_production_does_not_start_without_keys(tmp_path):
    with pytest.raises(MissingKey, match="LINYUN_DATA_KEY"):
        Secrets.load(tmp_path, {"LINYUN_HOSTS": "a.example"})
    assert not (tmp_path / "keys.json").exists()


@pytest.mark.parametrize("given", [{"LINYUN_SECRET_KEY": SIGNING}, {"LINYUN_DATA_KEY": written(1)}])
@pytest.mark.parametrize("production", [{}, {"LINYUN_HOSTS": "a.example"}])
def test_one_key_alone_is_not_quietly_joined_by_another(tmp_path, given, production):
    """Whoever names a data key means it: sealed with one made here, numbers would be lost with this folder."""
    with pytest.raises(MissingKey):
        Secrets.load(tmp_path, {**given, **production})
    assert not (tmp_path / "keys.json").exists()


def test_keys_of_the_environment_are_numbered_in_their_order(tmp_path):
    loaded = Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": "s", "LINYUN_DATA_KEY": written(1, 2)})
    assert loaded.data_keys == {1: b"\x01" * 32, 2: b"\x02" * 32}
    assert not (tmp_path / "keys.json").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("不是密钥", "Base64"),
        ("AAAA", "3 字节"),
        (written(1)[:-4], "字节"),
        (written(1) + "," + "AAAA", "3 字节"),
        (written(1) + ",", "0 字节"),
        (written(1)[:20] + "!" + written(1)[20:], "Base64"),
    ],
)
def test_a_key_copied_wrongly_is_refused_and_never_another_key(tmp_path, data, said):
    """Python's own reading drops what is no Base64: one wrong letter would silently be another key."""
    with pytest.raises(WrongKey, match=said) as refused:
        Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": SIGNING, "LINYUN_DATA_KEY": data})
    assert written(1)[:12] not in str(refused.value), "no message tells a key"


def test_blanks_around_a_key_do_not_make_it_another(tmp_path):
    spaced = written(1).replace(",", " , ") + "\n"
    assert Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": SIGNING, "LINYUN_DATA_KEY": spaced}).data_keys == {
        1: b"\x01" * 32
    }


def test_production_asks_for_a_signing_key_nobody_guesses(tmp_path):
    env = {"LINYUN_SECRET_KEY": "secret", "LINYUN_DATA_KEY": written(1)}
    assert Secrets.load(tmp_path, env).signing == "secret"
    with pytest.raises(WrongKey, match="太短"):
        Secrets.load(tmp_path, {**env, "LINYUN_HOSTS": "a.example"})


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"signing": "x"}', '{"signing": "x", "data": "AAAA"}', '{"signing": "x", "data": [1]}',
     '{"signing": "x", "data": ["AAAA"]}', json.dumps({"data": [written(1)]})],
)  # fmt: skip
def test_a_damaged_file_is_said_and_never_replaced(tmp_path, content):
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(WrongKey, match=r"keys\.json"):
        Secrets.load(tmp_path, {})
    assert (tmp_path / "keys.json").read_text() == content


def test_what_an_older_key_sealed_is_read_after_a_new_one_joined(tmp_path):
    before = Vault(Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": SIGNING, "LINYUN_DATA_KEY": written(1)}).data_keys)
    after = Vault(Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": SIGNING, "LINYUN_DATA_KEY": written(1, 2)}).data_keys)
    swapped = Vault(Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": SIGNING, "LINYUN_DATA_KEY": written(2, 1)}).data_keys)
    sealed = before.lock("周桂芳".encode())
    assert after.open(sealed).decode() == "周桂芳"
    with pytest.raises(Locked):
        swapped.open(sealed)
