"""The documentation site: whole, without a dead link, and nothing in it from elsewhere."""

import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from deploy import site
from deploy.site import members
from shared.events.schemas import EVENT_TYPES
from shared.service import load_service, service_names
from shared.web.openapi import document
from tests.guards.tree import ROOT, plant

LOADING_TAGS = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}
# Links to follow, not things to load.
FOLLOWED = {"canonical", "next", "prev"}
# What has the theme's script fetch a program from elsewhere.
FETCHING = ('class="mermaid"', "glightbox", "pyodide")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site.build(tmp_path_factory.mktemp("site"))


class Loaded(HTMLParser):
    """The addresses that a page loads by itself, where its links lead, and its own places."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in LOADING_TAGS and given.get("rel") not in FOLLOWED:
            self.addresses += [given[name] for name in ("src", "href", "data") if name in given]
        self.links += [given[name] for name in ("src", "href") if name in given]
        self.places.add(given.get("id", ""))


def foreign(folder: Path) -> list[str]:
    """What the pages and style sheets below `folder` load from other machines."""
    found = [
        f"{page.relative_to(folder)}: {address}"
        for page in sorted(folder.rglob("*.html"))
        for address in Loaded(page).addresses
        if address.startswith(("http:", "https:", "//"))
    ]
    found += [
        f"{page.relative_to(folder)}: {mark}"
        for page in sorted(folder.rglob("*.html"))
        for mark in FETCHING
        if mark in page.read_text(encoding="utf-8")
    ]
    sheets = sorted(folder.rglob("*.css"))
    return found + [
        f"{sheet.relative_to(folder)}: {mark}"
        for sheet in sheets
        for mark in ("url(http", "url(//", "@import")
        if mark in sheet.read_text(encoding="utf-8")
    ]


def dead_links(folder: Path) -> list[str]:
    """Links of the pages below `folder` to files or places that are not there."""
    folder = folder.resolve()
    pages = {page: Loaded(page) for page in sorted(folder.rglob("*.html"))}
    found = []
    for page, has in pages.items():
        for address in has.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or page.name == "404.html":
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            place = unquote(parts.fragment)
            if not target.exists() or (place and place not in pages[target].places):
                found.append(f"{page.relative_to(folder)}: {address}")
    return found


def named(nav: list[dict[str, Any]]) -> Iterator[str]:
    """Every document of the navigation."""
    for entry in nav:
        for where in entry.values():
            yield from [where] if isinstance(where, str) else named(where)


def test_every_document_is_in_the_navigation() -> None:
    config = tomllib.loads((ROOT / site.CONFIG).read_text(encoding="utf-8"))
    listed = [*named(config["project"]["nav"])]
    documents = {path.relative_to(site.DOCS).as_posix() for path in site.DOCS.rglob("*.md")}
    made = {f"reference/{name}.md" for name in ("events", *_with_routes())} | {"adr/index.md"}
    decisions = {name for name in documents if name.startswith("adr/")}
    assert sorted(listed) == sorted((documents - decisions) | made)


def _with_routes() -> list[str]:
    return [name for name in service_names() if load_service(name).routes.table]


def test_every_request_event_and_decision_has_its_place(built: Path) -> None:
    for name in _with_routes():
        page = (built / "reference" / name / "index.html").read_text(encoding="utf-8")
        for route in load_service(name).routes.table:
            assert f'id="{name}_{route.name}"' in page
    events = (built / "reference" / "events" / "index.html").read_text(encoding="utf-8")
    assert all(one.type in events for one in EVENT_TYPES.values())
    decisions = (built / "adr" / "index.html").read_text(encoding="utf-8")
    assert all(path.stem in decisions for path in (site.DOCS / "adr").glob("*.md"))


def _bodies(service: str) -> Iterator[dict[str, Any]]:
    """The schemas of what the requests of a service take and answer, as they stand there."""
    for ways in document(load_service(service).routes)["paths"].values():
        for way in ways.values():
            answers = [one for one in way["responses"].values() if one["description"] == "Done"]
            for body in [way.get("requestBody", {}), *answers]:
                yield from (content["schema"] for content in body.get("content", {}).values())


def test_every_member_of_a_body_is_on_the_page(built: Path) -> None:
    for name in _with_routes():
        page = (built / "reference" / name / "index.html").read_text(encoding="utf-8")
        told = Counter(re.findall(r"<td><code>([^<]+)</code>", page))
        wanted = Counter(path for body in _bodies(name) for path, _what, _always in members(body))
        assert not wanted - told, name


def test_a_member_is_told_by_its_path_and_whether_it_is_always_there() -> None:
    inner = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    several = {"type": "array", "items": inner}
    schema = {
        "properties": {"one": inner, "many": several, "perhaps": {"anyOf": [several, {}]}},
        "required": ["one"],
    }
    assert [(path, always) for path, _what, always in members(schema)] == [
        ("one", True),
        ("one.a", True),
        ("many", False),
        ("many[].a", True),
        ("perhaps", False),
        ("perhaps[].a", True),
    ]


def test_no_link_leads_nowhere(built: Path) -> None:
    assert dead_links(built) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    links = ("a.png", "b.html", "b.html#here", "b.html#there", "#top", "https://example.org/c")
    plant(tmp_path, "a.html", "".join(f'<a href="{link}">x</a>' for link in links))
    plant(tmp_path, "b.html", '<p id="here"></p>')
    assert dead_links(tmp_path) == ["a.html: a.png", "a.html: b.html#there", "a.html: #top"]


def test_nothing_comes_from_another_machine(built: Path) -> None:
    assert foreign(built) == []


def test_what_comes_from_another_machine_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "a.html",
        '<link rel="canonical" href="https://a"><img src="//cdn/a.png"><pre class="mermaid">',
    )
    plant(tmp_path, "b.css", "a { background: url(https://cdn/b.png) }")
    assert foreign(tmp_path) == [
        "a.html: //cdn/a.png",
        'a.html: class="mermaid"',
        "b.css: url(http",
    ]


@pytest.mark.parametrize("link", ["nowhere.md", "configuration.md#nowhere"])
def test_a_site_with_a_dead_link_is_not_built(tmp_path: Path, link: str) -> None:
    docs = shutil.copytree(site.DOCS, tmp_path / "docs")
    (docs / "glossary.md").write_text(f"# Words\n\n[here]({link})\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        site.build(tmp_path / "site", docs)
