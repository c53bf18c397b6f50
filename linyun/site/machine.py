"""What the environment says of this machine, read once and refused in words: a wrong setting must not start half a house."""

import re
from collections.abc import Mapping

_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?\Z|\[[0-9A-Fa-f:]+\]\Z", re.A)


class Unusable(RuntimeError):
    """A setting of the machine cannot be used; the text names it and says how to mend it."""


def number(env: Mapping[str, str], name: str, usual: int, low: int = 0, high: int = 65_535) -> int:
    """A whole number of the environment; ``usual`` where nothing is said. Raises Unusable."""
    text = env.get(name, "").strip()
    if not text:
        return usual
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise Unusable(f"{name} 应是 {low} 到 {high} 的整数，现在写的是“{text}”")
    return int(text)


def hosts(env: Mapping[str, str]) -> list[str]:
    """The names under which the house is reached, in production; none elsewhere. Raises Unusable."""
    found = [h.strip() for h in env.get("LINYUN_HOSTS", "").split(",") if h.strip()]
    for host in found:
        if host == "*" or not _HOST.match(host):
            raise Unusable(
                f"LINYUN_HOSTS 里的“{host}”不是域名。请写成 linyun.example.cn，几个之间用逗号隔开，不带 https://"
            )
    if found and env.get("LINYUN_DEBUG") == "1":
        raise Unusable("正式使用时不能打开 LINYUN_DEBUG：出错的页面会把内部情况给人看。请去掉它")
    return found
