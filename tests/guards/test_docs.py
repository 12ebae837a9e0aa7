"""The documents name only what is there."""

import re
from pathlib import Path

from tests.guards.tree import ROOT, plant

CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\bmake ([a-z][a-z-]*)")
# A path of this tree that is no pattern; what `deploy/make-secrets` writes is not kept.
NAMED_PATH = re.compile(
    r"`((?!deploy/secrets/)(?:deploy|docs|services|shared|tests)/[\w./-]*[\w/])`"
)
REPUBLISH = re.compile(r"`(iamis republish [^`]+)`")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def unknown_targets(root: Path) -> list[str]:
    """`make` commands in the documents that the Makefile does not have."""
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    return [
        f"{path.relative_to(root).as_posix()}: make {target}"
        for path in [*root.glob("*.md"), *root.glob("docs/**/*.md")]
        for code in CODE.findall(path.read_text(encoding="utf-8"))
        for target in COMMAND.findall(code)
        if target not in targets
    ]


def unknown_paths(root: Path) -> list[str]:
    """Files and folders that the documents name and that are not there.

    Decisions are left out: they tell of the tree as it was then. `NAME` stands for one to be made.
    """
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("services/**/*.md")]
    return [
        f"{path.relative_to(root).as_posix()}: {named}"
        for path in documents
        if path.parent.name != "adr"
        for named in NAMED_PATH.findall(path.read_text(encoding="utf-8"))
        if "NAME" not in named and not (root / named).exists()
    ]


def untold_commands(root: Path) -> list[str]:
    """What is to be run after an upgrade as migrations say, and the operators' page does not."""
    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    section = page.partition("### After an upgrade\n")[2].partition("\n## ")[0]
    return [
        f"{path.relative_to(root).as_posix()}: {command}"
        for path in sorted(root.glob("services/*/migrations/*.py"))
        for quoted in REPUBLISH.findall(path.read_text(encoding="utf-8"))
        if (command := " ".join(quoted.split())) not in section
    ]


def test_every_path_is_there() -> None:
    assert unknown_paths(ROOT) == []


def test_an_unknown_path_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, "services/marks/app.py", "")
    plant(tmp_path, "docs/adr/1.md", "`shared/gone.py`")
    named = "`services/marks/app.py` `services/marks` `services/NAME` `tests/a.py` `shared/*.py`"
    plant(tmp_path, "docs/a.md", named)
    assert unknown_paths(tmp_path) == ["docs/a.md: tests/a.py"]


def test_every_make_command_is_there() -> None:
    assert unknown_targets(ROOT) == []


def test_an_unknown_make_command_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, "Makefile", "run: .venv ## Start\n\t@true\n")
    plant(tmp_path, "README.md", "To make sure, `make run`:\n```sh\nPORT=1 make runn\n```\n")
    plant(tmp_path, "docs/adr/1.md", "`make tests` runs them")
    assert unknown_targets(tmp_path) == ["README.md: make runn", "docs/adr/1.md: make tests"]


def test_what_is_to_be_told_again_after_an_upgrade_is_said_there() -> None:
    assert untold_commands(ROOT) == []


def test_a_migration_that_says_it_alone_is_refused(tmp_path: Path) -> None:
    told, untold = "iamis republish --service a --to b", "iamis republish --service c --to b"
    plant(tmp_path, "docs/operations.md", f"### After an upgrade\n{told}\n## Else\n{untold}\n")
    plant(tmp_path, "services/b/migrations/0001.py", f"`{told.replace(' --to', chr(10) + '--to')}`")
    plant(tmp_path, "services/b/migrations/0002.py", f"`{untold}`")
    assert untold_commands(tmp_path) == [f"services/b/migrations/0002.py: {untold}"]
