"""What script and style a page brings: counted as they are sent, and kept by browsers for good."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

import pytest

from services.gateway.assets import KEEP_FOR_GOOD
from tests.support.gateway import Browser, FakeServices
from tests.unit.gateway.sheets import PAGE, TWO_TASKS, candidate, lay_down

MOST_BYTES = 100_000
BROUGHT = re.compile(r'(?:rel="stylesheet" href|type="module" src)="(/static/[^"]+)"')
# What a module imports; a type in a comment is imported by nobody.
IMPORTED = re.compile(r'^(?:import|} from) [^;]*?"(\.{1,2}/[^"]+)";', re.MULTILINE)
MENU = "/centres/68101/papers"
PAPER: dict[str, Any] = {
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "state": "under_way",
    "upload": "candidate",
    "marks_deadline": "2031-05-05",
    "sample_deadline": "2031-05-31",
    "results_released": False,
    "clerical_errors": 0,
    **{name: TWO_TASKS[name] for name in ("candidates", "done", "left", "submitted")},
}


def brought(browser: Browser, page: str) -> Iterator[tuple[str, int]]:
    """Each file that the page makes a browser ask for, once, and how long it is as it is sent."""
    waiting, seen = BROUGHT.findall(browser.get(page).text), set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        sent = browser.get(address, headers={"Accept-Encoding": "gzip"})
        assert (sent.status_code, sent.headers["Cache-Control"]) == (200, KEEP_FOR_GOOD), address
        yield address, len(sent.data)
        if address.endswith(".js"):
            plain = browser.get(address).text
            waiting += (
                normpath(join(dirname(address), found)) for found in IMPORTED.findall(plain)
            )


@pytest.fixture
def menu(fake: FakeServices) -> str:
    papers = [
        PAPER | {"id": f"p{number}", "full_title": f"GCSE JUNE 2031 PAPER {number}"}
        for number in range(200)
    ]
    fake.says("GET", "/api/marks/centres/68101/papers", {"papers": papers})
    return MENU


@pytest.fixture
def sheet(fake: FakeServices) -> str:
    lay_down(fake, TWO_TASKS, *(candidate(f"{number:04d}") for number in range(250)))
    return f"{PAGE}?rows=all"


@pytest.mark.parametrize(("page", "script"), [("menu", "idle.js"), ("sheet", "saver.js")])
def test_all_script_and_style_is_small_and_kept(
    browser: Browser, request: pytest.FixtureRequest, page: str, script: str
) -> None:
    """Both schemes counted, though most browsers leave the other one for later."""
    files = dict(brought(browser.sign_in(), request.getfixturevalue(page)))
    print(f"{page}: {len(files)} files, {sum(files.values())} bytes")
    names = {address.rpartition("/")[2] for address in files}
    assert {script, "bootstrap.min.css", "dark.css"} <= names
    assert sum(files.values()) <= MOST_BYTES
