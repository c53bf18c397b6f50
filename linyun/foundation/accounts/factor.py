"""The second factor: an authenticator's secret, sealed, and the recovery codes for the day the phone is lost.

Rows are those of allauth.mfa, which later sign-in ways (OIDC, headless) read too; the codes are checked here because
allauth forgets used ones with its cache, and a cache of one process knows nothing of the next.
"""

import base64
import secrets
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from qrcode.main import QRCode

from linyun.foundation.accounts.models import Account
from linyun.foundation.accounts.rules import matching_step
from linyun.kernel import clock
from linyun.kernel.values.seal import Sealer

ISSUER = "邻云"
CODE_DIGITS = 6

sealer = Sealer(settings.DATA_KEYS)


class SealedAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """allauth's hooks: secrets are stored sealed (setting MFA_ADAPTER)."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return sealer.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` made."""
        return sealer.open(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows above the code."""
        return ISSUER


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that is not tied to an account yet. ``svg`` is its QR code as inline SVG without style."""

    secret: str
    svg: str

    @property
    def spoken(self) -> str:
        """The secret in groups of four, for typing it in."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 asks."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def enrolment(account: Account, secret: str) -> Enrolment:
    """What the page shows so that a phone can take up the secret."""
    return Enrolment(secret, qr_svg(SealedAdapter().build_totp_url(account, secret)))


def qr_svg(text: str) -> str:
    """A QR code as SVG of black modules on white, whatever the page's colours: cameras need the contrast."""
    code = QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg class="qr" viewBox="0 0 {size} {size}" width="{size * 5}" height="{size * 5}" role="img"'
        f' aria-label="{_("用验证器扫描的二维码")}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dots}"/></svg>'
    )


def is_tied(account_id: UUID) -> bool:
    """Whether the account has an authenticator."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).exists())


def tie(account: Account, secret: str) -> list[str]:
    """Tie the secret to the account, in place of any before; answers ten new recovery codes, to be shown once."""
    untie(account)
    data = {"secret": sealer.seal(secret), "last_step": 0}
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data=data)
    return renew_codes(account)


def untie(account: Account) -> None:
    """Forget the authenticator and its recovery codes."""
    Authenticator.objects.filter(user=account).delete()


def renew_codes(account: Account) -> list[str]:
    """Ten new recovery codes of eight digits; the former ones are void."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    data = {"seed": sealer.seal(secrets.token_hex(40)), "used_mask": 0}
    made = Authenticator.objects.create(user=account, type=Authenticator.Type.RECOVERY_CODES, data=data)
    codes: list[str] = made.wrap().generate_codes()
    return codes


def codes_left(account: Account) -> int:
    """How many recovery codes have not been used."""
    found = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0


def shows(secret: str, code: str) -> bool:
    """Whether an authenticator with the secret shows this code now; nothing is remembered."""
    return matching_step(secret, _digits(code), clock.now(), 0) is not None


def check(account: Account, code: str) -> str:
    """``totp`` or ``recovery`` when the code is right, and then it is used up; else ''. Within a transaction."""
    digits = _digits(code)
    rows = {a.type: a for a in Authenticator.objects.select_for_update().filter(user=account)}
    totp, recovery = rows.get(Authenticator.Type.TOTP), rows.get(Authenticator.Type.RECOVERY_CODES)
    if len(digits) == CODE_DIGITS and totp is not None:
        step = matching_step(sealer.open(totp.data["secret"]), digits, clock.now(), totp.data.get("last_step", 0))
        if step is not None:
            totp.data["last_step"] = step
            totp.last_used_at = clock.now()
            totp.save(update_fields=["data", "last_used_at"])
            return "totp"
    elif recovery is not None and recovery.wrap().validate_code(digits):
        recovery.record_usage()
        return "recovery"
    return ""


def _digits(code: str) -> str:
    return "".join(c for c in code if c.isascii() and c.isdigit())
