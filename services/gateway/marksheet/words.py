"""What the script of the marksheet says, in the reader's language; it fills the places itself."""

from shared.i18n import gettext as _


def script_texts() -> dict[str, str]:
    return {
        "saved": _("Saved %(candidate_no)s"),
        "not_saved": _("Not saved: %(candidate_no)s. %(why)s"),
        "stored": _("Stored: %(text)s"),
        "nothing_stored": _("Nothing is stored."),
        "conflict": _(
            "Somebody else has changed this meanwhile. Theirs: %(theirs)s. Yours: %(yours)s."
        ),
        "empty": _("empty"),
        "keep_mine": _("Keep mine"),
        "take_theirs": _("Take theirs"),
        "absent": _("Is %(candidate_no)s %(name)s absent?"),
        "counts": _("%(done)s of %(candidates)s done, %(left)s left"),
        "all_saved": _("Everything is saved."),
        "saving": _("Saving…"),
        "problems": _("Some cells are not saved: please look at them."),
        "offline": _("Not saved yet, trying again. What you typed is kept on this page."),
        "signed_out": _("Your session has ended. What you typed is kept on this page."),
        "sign_in": _("Sign in again in a new tab"),
        "try_again": _("Save now"),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "others_left": _("What somebody else has changed since is left as it is."),
        "added": _("Entered since you opened this page: %(who)s."),
        "withdrawn": _("Withdrawn since you opened this page: %(who)s."),
        "history": _("History of candidate %(no)s"),
        "locked": _("The mark is submitted."),
        "closed": _("No marks are taken any more."),
        "gone": _(
            "The candidate is not on this sheet any more: "
            "withdrawn, or in no teaching set of yours."
        ),
        "discarded": _("Discarded: what was typed of %(candidate_no)s."),
        "no_such": _("There is no candidate %(candidate_no)s on this sheet."),
    } | _paste_texts()


def _paste_texts() -> dict[str, str]:
    """What is said of a block of a spreadsheet before it is saved."""
    return {
        "paste_summary": _("Cells that will change: %(changes)s. Empty cells change nothing."),
        "paste_no_row": _("Line %(line)s (%(values)s) has no candidate on this page."),
        "paste_too_wide": _("Line %(line)s has more columns than the sheet."),
        "paste_choice": _("It is not one of the list."),
        "paste_mark": _("It is no whole number from 0 to %(max)s, and no code."),
        "paste_not_now": _("It cannot be saved just now. Close this, and try again later."),
    }
