"""Memory for what is large and soon over."""

import mmap


def room(size: int) -> memoryview:
    """`size` bytes, at least one, that the system has back as soon as nobody holds them.

    What is taken of the heap stays with the thread that took it.
    """
    return memoryview(mmap.mmap(-1, size, mmap.MAP_PRIVATE))
