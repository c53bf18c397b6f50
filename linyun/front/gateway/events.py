"""What can happen to tokens. No event holds the token itself, nor its digest."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A program was given a token for somebody's post, for so many days."""

    token_id: UUID
    account_id: UUID
    post_id: UUID
    days: int


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """A token opens nothing any more."""

    token_id: UUID
    account_id: UUID
