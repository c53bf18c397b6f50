"""Keys of this installation: from the environment in production, else made once and kept in the data folder (0600)."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class MissingKey(RuntimeError):
    """A production start without keys: they must not be made silently on a machine that serves people."""


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
            keys = {n: base64.b64decode(k) for n, k in enumerate(data.split(","), start=1)}
            return cls(signing, keys)
        if env.get("LINYUN_HOSTS"):
            raise MissingKey("LINYUN_SECRET_KEY and LINYUN_DATA_KEY must be set when LINYUN_HOSTS is set")
        path = folder / "keys.json"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            made = {"signing": secrets.token_urlsafe(48), "data": [base64.b64encode(secrets.token_bytes(32)).decode()]}
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(made, file)
        kept = json.loads(path.read_text())
        return cls(kept["signing"], {n: base64.b64decode(k) for n, k in enumerate(kept["data"], start=1)})
