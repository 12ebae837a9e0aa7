"""What a key costs in a marksheet with 2,000 candidates, as a browser measures it."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.rows import Row, at_most
from tests.bench.system import System
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in

CANDIDATES = 2000
# Across the ends of several groups of rows, which are laid out when they come in sight.
TYPED = range(900, 1000)
FRAME_MS = 16
SAVED = "!document.getElementById('marks').querySelector('[data-state=typed], [data-state=saving]')"
# Event Timing: of each event of a key the time of its listeners and of what it does by itself, and
# that until the next paint. It tells of those alone that took a frame or more with their paint.
MEASURE = """() => {
  window.keys = {};
  const note = (list) => list.getEntries().filter((one) => one.interactionId).forEach((one) => {
    const spent = [one.processingEnd - one.processingStart, one.duration];
    (window.keys[one.interactionId] ??= []).push(spent);
  });
  new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 });
}"""
# Of each key: all its events together, and the latest paint.
PER_KEY = """() => Object.values(window.keys).map((events) => [
  events.reduce((total, [script]) => total + script, 0),
  Math.max(...events.map(([, paint]) => paint)),
])"""
KEY_EVENTS = {"keydown", "beforeinput", "keypress", "textInput", "input", "keyup"}


def rows(system: System) -> Iterator[Row]:
    """The goal is judged by the processor's time: the other times count whatever else is done."""
    (paper_id,) = system.papers(1, CANDIDATES, "K")
    account = next(one for one in system.stack.accounts if one["role"] == "admin")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = _sheet(browser, system, account, paper_id)
            yield from _typed(page)
        finally:
            browser.close()


def _sheet(browser: Browser, system: System, account: dict[str, str], paper_id: str) -> Page:
    page = browser.new_context(base_url=system.stack.base_url).new_page()
    sign_in(page, account)
    page.goto(f"/centres/{system.centre_no}/papers/{paper_id}/marksheet?rows=all")
    page.locator("#keys").wait_for()
    return page


def _typed(page: Page) -> Iterator[Row]:
    page.evaluate(MEASURE)
    page.locator(f"#t0-{TYPED.start:04d}").focus()
    trace = KeyTrace(page)
    for number in TYPED:
        page.keyboard.type(str(number % 10))
        page.keyboard.press("Tab")
    spent = trace.spent()
    page.wait_for_function(SAVED)
    script, paint = zip(*page.evaluate(PER_KEY) or [(0.0, 0.0)], strict=True)
    what = "a key among 2,000 candidates"
    late = figures(spent)[1]
    yield Row(
        f"{what}: processor's time of its script, p99",
        told(spent),
        f"{FRAME_MS} ms, a frame",
        late / FRAME_MS,
        "≤ 1",
        at_most(1),
    )
    yield Row(f"{what}: script by the performance API", told(script))
    yield Row(f"{what}: until the next paint", told(paint))


def figures(spent: Sequence[float]) -> tuple[float, float, float]:
    """The one in the middle, the one that 99 of 100 stay under, and the most, in milliseconds."""
    ordered = sorted(spent)
    return median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1]


def told(spent: Sequence[float]) -> str:
    middle, late, most = figures(spent)
    return f"{len(spent)}: median {middle:.1f} ms, p99 {late:.1f} ms, most {most:.1f} ms"


class KeyTrace:
    """The processor's time for each key, from the browser's own trace."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._protocol = page.context.new_cdp_session(page)
        self._events: list[dict[str, Any]] = []
        self._protocol.on("Tracing.dataCollected", lambda part: self._events.extend(part["value"]))
        wanted = {"includedCategories": ["devtools.timeline"]}
        self._protocol.send("Tracing.start", {"traceConfig": wanted})

    def spent(self) -> list[float]:
        """In milliseconds, all events of a key together."""
        ended: list[bool] = []
        self._protocol.on("Tracing.tracingComplete", lambda _end: ended.append(True))
        self._protocol.send("Tracing.end")
        while not ended:
            self._page.wait_for_timeout(100)
        return per_key(self._events)


def per_key(events: Sequence[dict[str, Any]]) -> list[float]:
    """What each key took, from its `keydown` to the next; what is within another event is in it."""
    keys: list[float] = []
    until = 0
    for event in sorted(filter(_is_of_key, events), key=lambda one: one["ts"]):
        if event["args"]["data"]["type"] == "keydown":
            keys.append(0.0)
        if keys and event["ts"] >= until:
            keys[-1] += event["tdur"] / 1000
            until = event["ts"] + event["dur"]
    return keys


def _is_of_key(event: dict[str, Any]) -> bool:
    is_event = event["name"] == "EventDispatch" and "tdur" in event
    return is_event and event["args"]["data"]["type"] in KEY_EVENTS
