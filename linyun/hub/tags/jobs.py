"""What tags do after an operation on records: marks of a duplicate follow it, and stay behind when it comes back."""

from uuid import UUID

from linyun.hub.tags import services

MERGING = "merge_people"


def done(operation_id: str, kind: str) -> None:
    """After an operation was recorded."""
    if kind == MERGING:
        services.follow_merge(UUID(operation_id))


def undone(operation_id: str, kind: str) -> None:
    """After an operation was taken back."""
    if kind == MERGING:
        services.unfollow_merge(UUID(operation_id))
