"""Pools of connections that run out at once."""

from shared.pool import WatchedPool


class Hasty(WatchedPool):
    """A pool of one connection, for which nobody waits long."""

    def __init__(self, *arguments: object, **options: object) -> None:
        few = {"pool_size": 1, "max_overflow": 0, "timeout": 0.01}
        super().__init__(*arguments, **(options | few))  # type: ignore[arg-type]
