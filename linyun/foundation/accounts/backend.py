"""How Django finds the account of a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from linyun.foundation.accounts.models import Account, Post


class HouseBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Signing in is allauth's. Whoever comes back is read together with their posts, for which every door asks."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account as long as it is open, with ``posts_held``; None else."""
        held = Post.objects.held_by(user_id)
        account: Account | None = held[0].account if held else super().get_user(user_id)
        return account and account.holding(held)
