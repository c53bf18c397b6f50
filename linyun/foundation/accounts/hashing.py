"""How a first password is kept: a hundred of them are made at once, and each is worth as much as the one that follows it."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """For passwords that the house makes up: 79 random bits need no slow hash, and a hundred slow ones hold a page up for
    a minute. Whoever tries one waits as long as with any other, so that nobody learns which accounts are new. At the first
    sign-in Django hashes the password anew in the usual way, and then it must be changed.
    """

    algorithm = "linyun_first"
    iterations = 20_000

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is right; takes as long as the usual way."""
        get_hasher("default").encode(password, self.salt())
        return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: ``verify`` took its time."""
