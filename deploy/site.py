"""Builds the documentation site from docs/, strictly: `make site`.

What the code knows better than a document is written for it: a page for each service's API, one of
the events, and the list of the decisions.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.service import load_service, service_names
from shared.web.openapi import document, joined

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
FOLDER = ROOT / "build" / "site"
CONFIG = "zensical.toml"
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)

Json = dict[str, Any]


def build(folder: Path, docs: Path = DOCS) -> Path:
    """The finished site, in a folder below `folder`; what was there goes.

    Raises `CalledProcessError` at a link or an anchor that leads nowhere.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(docs, folder / "docs")
    shutil.copy(ROOT / CONFIG, folder)
    write_reference(folder / "docs" / "reference")
    _write(folder / "docs" / "adr" / "index.md", "decisions", decisions=_decisions(docs / "adr"))
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "site"


def write_reference(folder: Path) -> None:
    """The pages of the API and the events, and the documents that they are made of."""
    folder.mkdir(parents=True)
    described = {name: document(load_service(name).routes) for name in service_names()}
    for name, one in described.items():
        if one["paths"]:
            _write(folder / f"{name}.md", "api", name=name, document=one)
    whole = json.dumps(joined(described.values()), indent=2)
    (folder / "openapi.json").write_text(whole, encoding="utf-8")
    events = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
    _write(folder / "events.md", "events", document=events)


def type_of(schema: Json) -> str:
    """A schema in a few words; what it refers to is a link into the same page."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(type_of(choice) for choice in choices)
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)


def members(schema: Json, before: str = "") -> Iterator[tuple[str, Json, bool]]:
    """Every member written out in a schema, by its path, and whether it is always there."""
    for name, what in schema.get("properties", {}).items():
        path = f"{before}{name}"
        yield path, what, name in schema.get("required", [])
        yield from _within(what, path)


def _within(what: Json, path: str) -> Iterator[tuple[str, Json, bool]]:
    yield from members(what, f"{path}.")
    for choice in (one for key in ("anyOf", "oneOf", "allOf") for one in what.get(key, [])):
        yield from _within(choice, path)
    if what.get("items"):
        yield from _within(what["items"], f"{path}[]")


def anchor(name: str) -> str:
    return "schema-" + name.lower().replace(".", "-")


def _decisions(folder: Path) -> list[tuple[str, str]]:
    """File name and title of every decision record, in their order."""
    return [
        (path.name, TITLE.findall(path.read_text(encoding="utf-8"))[0])
        for path in sorted(folder.glob("*.md"))
    ]


def _write(path: Path, template: str, **values: object) -> None:
    # Markdown, and no page of the product: what goes into it is our own.
    pages = Environment(  # noqa: S701
        loader=FileSystemLoader(Path(__file__).parent / "reference"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.globals.update(type_of=type_of, members=members, anchor=anchor)
    path.write_text(pages.get_template(f"{template}.md").render(values), encoding="utf-8")


def main() -> None:
    try:
        site = build(FOLDER).relative_to(ROOT)
        print(f"Look at it: python3 -m http.server --bind 127.0.0.1 --directory {site} 8080")  # noqa: T201 # it says how
    except subprocess.CalledProcessError:
        sys.exit("The site was not built: mend what is named above.")


if __name__ == "__main__":
    main()
