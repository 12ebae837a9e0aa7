"""What a page asks for is followed by one trace, from its script to the last consumer's log."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Page, Request, Response, Route, expect

from tests.browser.cells import state, type_at
from tests.browser.conftest import Console, SignedInPage
from tests.browser.papers import MadePaper
from tests.support.logs import entries_of, logs, traced
from tests.support.stack import Stack
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
FAILING = """
export const nothing = 0;
throw new TypeError("Siân cannot be read");
"""
TROUBLE = "a page had a trouble"


def trace_of(request: Request) -> str:
    """The trace that the page's script has begun."""
    _version, trace, _span, flags = request.headers["traceparent"].split("-")
    assert flags == "01"
    return trace


def is_save(response: Response) -> bool:
    return response.request.method == "PATCH" and "/api/marks/" in response.url


def troubles(stack: Stack, kind: str) -> list[dict[str, Any]]:
    found = [e for e in entries_of(logs(stack)["gateway"]) if e["message"] == TROUBLE]
    return [one for one in found if one["trouble"] == kind]


def test_a_mark_is_followed_from_the_cell_to_the_service(
    stack: Stack, new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user")
    page.goto(new_paper(2).page)
    with page.expect_response(is_save) as saved:
        type_at(page, "t0-0001", "15", "Tab", "7", "Enter")
    state(page, "t0-0001", "saved")
    trace = trace_of(saved.value.request)
    wanted = {("gateway", "request"), ("marks", "request")}
    wait_for("both have told", lambda: traced(stack, trace) >= wanted)


def test_evidence_is_followed_to_those_who_hear_of_it(
    stack: Stack, new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper = new_paper(2)
    paper.fill([20, 15], [1, 2])
    paper.submit()
    paper.wait_for_sample()
    files = f"{paper.api('uploads')}/files"
    wait_for(
        "uploads knows the sample",
        lambda: bool(paper.clients["admin"].get(files).expect(200)["candidates"]),
    )
    page = signed_in_page("user")
    page.goto(paper.page.replace("/marksheet", "/evidence"))
    work: FilePayload = {"name": "w.zip", "mimeType": "application/zip", "buffer": b"work"}
    with page.expect_response(re.compile(r"/files\?once=true$")) as sent:
        page.locator("#c0001-input").set_input_files([work])
    trace = trace_of(sent.value.request)
    hearing = ("gateway", "reports", "sampling")
    wanted = {("gateway", "request"), ("uploads", "request")}
    wanted |= {(name, "evidence.uploaded.v1") for name in hearing}
    wait_for("all who had to do with it have told", lambda: traced(stack, trace) >= wanted)


def test_a_script_that_fails_is_told_in_the_trace_of_what_it_asked_last(
    stack: Stack, new_paper: NewPaper, signed_in_page: SignedInPage, console: Console
) -> None:
    page = signed_in_page("user")
    page.goto(new_paper(2).page)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.headers.get("traceparent", "")))
    type_at(page, "t0-0001", "15", "Tab", "7", "Enter")
    state(page, "t0-0001", "saved")
    before = len(troubles(stack, "script"))
    with page.expect_response("**/troubles/script") as told:
        fail_in(page, "late.js")
    assert told.value.status == 204
    wait_for("it is told", lambda: len(troubles(stack, "script")) > before)
    (one,) = troubles(stack, "script")[before:]
    assert (one["error"], one["where"]) == ("TypeError", ["late.js:3:7"])
    assert one["page"] == "/centres/<centre_no>/papers/<paper_id>/marksheet"
    assert "Siân" not in json.dumps(one, ensure_ascii=False)
    caused = told.value.request.headers["traceparent"]
    assert one["traceparent"] == caused
    assert asked.count(caused) == 2, "of a request before it, and of the report"
    console.forget("Siân cannot be read")


def fail_in(page: Page, name: str) -> None:
    """Have the page load one of our scripts more, which fails."""

    def answer(route: Route) -> None:
        route.fulfill(body=FAILING, content_type="text/javascript")

    page.route(f"**/static/*/{name}", answer)
    page.evaluate(
        """(name) => {
          const script = document.createElement("script");
          const base = document.querySelector("script[src*='/troubles.js']").src;
          script.type = "module";
          script.src = base.replace("troubles.js", name);
          document.head.append(script);
        }""",
        name,
    )


def test_what_the_policy_stops_is_told_by_the_browser(
    stack: Stack, signed_in_page: SignedInPage, console: Console
) -> None:
    page = signed_in_page("user")
    page.goto("/guide")
    before = len(troubles(stack, "policy"))
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
        }"""
    )
    wait_for("it is told", lambda: len(troubles(stack, "policy")) > before)
    (one,) = troubles(stack, "policy")[before:]
    assert (one["directive"], one["blocked"], one["page"]) == (
        "script-src-elem",
        "inline",
        "/guide",
    )
    assert page.evaluate("window.ran") is None
    expect(page.locator("h1")).to_be_visible()
    console.forget("Content Security Policy")
