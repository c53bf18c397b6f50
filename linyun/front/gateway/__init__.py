"""The gateway: the open API under /api/v1/, for programs that work for somebody in a post."""
