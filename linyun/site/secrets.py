"""Keys of this installation: from the environment in production, else made once and kept in the data folder (0600)."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linyun.site.machine import Unusable, hosts

KEY_BYTES = 32
SHORTEST_SIGNING = 32


class MissingKey(Unusable):
    """A start without the keys it needs: they must not be made silently beside those that were given."""


class WrongKey(Unusable):
    """A key that is none; with another one in its place nobody could read what was sealed."""


def _key(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as wrong:
        raise WrongKey(f"{where} 不是 Base64。请照原样抄写，几个密钥之间用逗号隔开") from wrong
    if len(key) != KEY_BYTES:
        raise WrongKey(
            f"{where} 应是 {KEY_BYTES} 字节的 Base64，现在是 {len(key)} 字节。可用 openssl rand -base64 32 生成"
        )
    return key


def _make(path: Path) -> None:
    """Write new keys where none are. Of two first starts at once one file stands, and it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {"signing": secrets.token_urlsafe(48), "data": [base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()]}
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


@dataclass(frozen=True, slots=True)
class Secrets:
    """``signing`` signs sessions and cursors; ``data_keys`` (version → 32 bytes) seal identity numbers, newest last."""

    signing: str
    data_keys: dict[int, bytes]

    @classmethod
    def load(cls, folder: Path, env: Mapping[str, str]) -> "Secrets":
        """Read the keys; make them in ``folder`` on the first start outside production."""
        signing, data = env.get("LINYUN_SECRET_KEY"), env.get("LINYUN_DATA_KEY")
        if signing and data:
            if hosts(env) and len(signing) < SHORTEST_SIGNING:
                raise WrongKey(
                    f"LINYUN_SECRET_KEY 太短，至少 {SHORTEST_SIGNING} 个字符。可用 openssl rand -base64 48 生成"
                )
            return cls(signing, {n: _key(k, "LINYUN_DATA_KEY") for n, k in enumerate(data.split(","), start=1)})
        if hosts(env) or signing or data:
            raise MissingKey("正式使用时要同时设置 LINYUN_SECRET_KEY 和 LINYUN_DATA_KEY，少一个也不行")
        path = folder / "keys.json"
        if not path.exists():
            _make(path)
        try:
            kept = json.loads(path.read_text())
            return cls(kept["signing"], {n: _key(k, str(path)) for n, k in enumerate(kept["data"], start=1)})
        except (ValueError, KeyError, TypeError, AttributeError) as damaged:
            raise WrongKey(f"{path} 读不出来。请从备份恢复它：没有它，证件号码无法还原") from damaged
