"""What can happen to accounts and posts. No event holds a typed name: people type passwords into that field."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in; ``factor`` says whether a second factor was shown (totp, recovery) or not asked for ('')."""

    account_id: UUID
    factor: str


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """An attempt to sign in failed. ``why``: password, factor. ``account_id``: None when nobody has the name."""

    account_id: UUID | None
    why: str
    locked: bool


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A person ended their session."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class PostSwitched:
    """A person went on in another of their posts."""

    account_id: UUID
    post_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A password was set; ``by_owner`` is False when somebody else gave a first password."""

    account_id: UUID
    by_owner: bool


@dataclass(frozen=True, slots=True)
class SecondFactorSet:
    """A person tied an authenticator to their account."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class RecoveryCodesRenewed:
    """A person got new recovery codes; the former ones are void."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SecondFactorReset:
    """An authenticator was untied: by its owner with a code, or by an officer for somebody who lost the phone."""

    account_id: UUID
    by_owner: bool


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """A person got an account."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class PostGiven:
    """A person was given a post."""

    account_id: UUID
    post_id: UUID
    role: str
    area: str


@dataclass(frozen=True, slots=True)
class PostEnded:
    """A person's post ended."""

    account_id: UUID
    post_id: UUID


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """An account was closed: nobody can sign in to it, its sessions have ended."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class AccountReopened:
    """A closed account was opened again; it signs in as before, with the posts it still holds."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """The sessions of an account were ended: by its owner on other devices, or all of them by an officer."""

    account_id: UUID
    by_owner: bool


@dataclass(frozen=True, slots=True)
class AccountsExported:
    """A list of accounts and posts was taken out as a file."""

    count: int
