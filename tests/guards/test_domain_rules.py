"""Every rule of "The marksheet" and "Submission" of the domain page, and what shows it.

A rule stands here in its own words, with the file of tests and the words there (the id of a row of
a table, or the name of a test) that show it. Who takes a test away is asked where its rule went.
"""

import pytest

from tests.guards.tree import ROOT

MARKS = "unit/marks/test_domain_page.py"
BROWSER = "browser/test_domain_page.py"
SHEET_PAGE = "unit/gateway/test_marksheet_page.py"
SUBMITTED_PAGE = "unit/gateway/test_submission.py"
THE_MARKSHEET = [
    ("candidate number, SURNAME : FORENAME", MARKS, "test_columns"),
    ("one column per task with its maximum", MARKS, "a column per task with its maximum"),
    ("total (computed)", MARKS, "the total is computed"),
    ("teacher initials where required", SHEET_PAGE, "initials where the paper requires them"),
    ("after submission the sample tick", SHEET_PAGE, "after submission the sample"),
    ("after submission clerical-error columns", SHEET_PAGE, "clerical-error columns"),
    ("for upload papers the upload button", SHEET_PAGE, "the upload button"),
    ("search by surname", MARKS, "search by surname"),
    ("rows per page: 20 by default", MARKS, "20 rows by default"),
    ("also 50, 100, All", MARKS, "all rows"),
    ("sort by candidate number, name, mark", MARKS, "sort by mark"),
    ("show All, Unmarked, Marked, Samples", MARKS, "show the samples"),
    ("Tab goes down to the next candidate", BROWSER, "Tab goes down to the next candidate"),
    ("and Enter", BROWSER, "and Enter"),
    ("and the arrow keys", BROWSER, "and the arrow down"),
    ("a mark accepted turns the cell green", BROWSER, "a mark accepted turns the cell green"),
    ("above the maximum: refused with a message", BROWSER, "above the maximum is refused"),
    ("nothing is stored: above the maximum", MARKS, "above the maximum"),
    ("nothing is stored: negative", MARKS, "negative"),
    ("nothing is stored: fractional", MARKS, "fractional"),
    ("nothing is stored: not a number", MARKS, "not a number"),
    ("a/A → A", MARKS, "a → A"),
    ("after a confirmation", BROWSER, "test_absent_is_confirmed"),
    ("c, C, cf, CF → CF on linear papers", MARKS, "C → CF on linear papers"),
    ("CF refused elsewhere", MARKS, "CF is refused elsewhere"),
    ("codes stand for the whole candidate", MARKS, "a code stands for the whole candidate"),
    ("initials are offered until Save and close", BROWSER, "test_initials_are_offered_until"),
    ("complete: every task marked", MARKS, "one task is not all"),
    ("complete: or a code", MARKS, "a code needs no initials"),
    ("complete: or an outcome", MARKS, "an outcome completes"),
    ("complete: and initials where required", MARKS, "initials once typed complete the mark"),
    ("submit only when all are complete", MARKS, "test_submit_is_offered_only_when"),
    ("what is missing is listed by candidate", SUBMITTED_PAGE, "test_what_is_missing_is_listed_by"),
    ("late: when the board loads their entry", MARKS, "test_a_late_candidate_appears_when"),
    ("late: the board decides on a request", MARKS, "the board decides of an entry"),
    ("late: the 72 hours are shown", MARKS, "The 72 hours to allow are told"),
    ("late: open for that candidate only", MARKS, "opens_the_paper_for_that_candidate_only"),
    ("late: a supplementary submission", MARKS, 'receipt["kind"], receipt["candidates"]'),
    ("late: the sample may grow", "unit/sampling/test_grow.py", "def test_growth"),
    ("late: the sample never shrinks", "unit/sampling/test_events.py", "*before, "),
    ("marks can be loaded from a file", MARKS, "test_a_loaded_mark_still_needs_initials"),
]
SUBMISSION = [
    ("locks every mark", MARKS, "test_a_submission_locks_every_mark"),
    ("records who", MARKS, "the receipt says who"),
    ("records when", MARKS, "the receipt says when"),
    (
        "shows a receipt",
        SUBMITTED_PAGE,
        "test_the_receipt_says_what_was_submitted_by_whom_and_when",
    ),
    ("publishes the event", MARKS, "test_a_submission_publishes_every_mark"),
    ("generates the sample", "unit/sampling/test_events.py", "test_a_first_submission_is_sampled"),
    ("marks cannot be altered afterwards", MARKS, 'put(marks, paper, "0001", body)'),
    ("the amendment request is the way", MARKS, "the amendment request is the way"),
    ("the centre declares before", MARKS, "test_the_centre_declares_each"),
    (
        "moderator details become visible",
        "unit/identity/test_allocations.py",
        "test_the_moderator_shows_only_once_submitted_and_allocated",
    ),
]


@pytest.mark.parametrize(("rule", "file", "words"), [*THE_MARKSHEET, *SUBMISSION])
def test_a_rule_has_a_test_that_names_it(rule: str, file: str, words: str) -> None:
    shown = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert words in shown, f"{file} no longer shows: {rule}"
