"""The processes of a system, found from outside."""

from collections.abc import Iterator
from pathlib import Path


def processes_of_session(session: int) -> Iterator[tuple[int, str]]:
    """Those that live in the session: their ids and their command lines."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything: state, parent, group, session.
            state, _, _, its_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (folder / "cmdline").read_text().replace("\0", " ").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_session) == session and state != "Z":
            yield int(folder.name), command


def processes_of_home(home: Path) -> dict[int, str]:
    """Those whose command line names something in the home, whatever session they are in."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError, UnicodeDecodeError):
            continue
        if str(home) in command:
            found[int(folder.name)] = command.strip()
    return found
