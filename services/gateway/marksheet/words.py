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
        "problems": _("Look at the cells in red: they are not saved."),
        "offline": _("Not saved yet, trying again. What you typed is kept on this page."),
        "signed_out": _("Your session has ended. What you typed is kept on this page."),
        "sign_in": _("Sign in again in a new tab"),
        "try_again": _("Save now"),
    }
