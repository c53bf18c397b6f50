"""What `linyun check` says of the machine's settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def proxies(**_: Any) -> list[CheckMessage]:
    """In production TLS ends at a proxy: one that is not counted makes all users one address with one limit."""
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if settings.PRODUCTION and count < 1:
        return [
            Warning(
                "LINYUN_PROXIES 是 0，但正式使用时前面有反向代理：所有人会算作同一个地址。",
                hint="改成反向代理的层数，通常是 1。见 deploy/README.md。",
                id="linyun.W001",
            )
        ]
    return []
