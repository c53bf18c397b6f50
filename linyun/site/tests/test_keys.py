"""Keys of an installation: made once, private, and never silently in production."""

import base64
import stat

import pytest

from linyun.site.secrets import MissingKey, Secrets


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = Secrets.load(tmp_path / "data", {})
    assert Secrets.load(tmp_path / "data", {}) == first
    assert stat.S_IMODE((tmp_path / "data" / "keys.json").stat().st_mode) == 0o600
    assert len(first.data_keys[1]) == 32


def test_production_does_not_start_without_keys(tmp_path):
    with pytest.raises(MissingKey, match="LINYUN_DATA_KEY"):
        Secrets.load(tmp_path, {"LINYUN_HOSTS": "a.example"})
    assert not (tmp_path / "keys.json").exists()


def test_keys_of_the_environment_are_numbered_in_their_order(tmp_path):
    keys = [base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]
    loaded = Secrets.load(tmp_path, {"LINYUN_SECRET_KEY": "s", "LINYUN_DATA_KEY": ",".join(keys)})
    assert loaded.data_keys == {1: b"\x01" * 32, 2: b"\x02" * 32}
