"""Whether an address answers well: what containers are asked every few seconds.

A program of its own, for it must start quickly and load nothing of the system.
"""

import sys
import urllib.request

SECONDS = 4


def main() -> None:
    """Fail, with the reason, unless the URL given answers with 2xx."""
    with urllib.request.urlopen(sys.argv[1], timeout=SECONDS):  # noqa: S310 - our own address
        pass


if __name__ == "__main__":
    main()
