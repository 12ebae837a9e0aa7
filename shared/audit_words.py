"""What the audit trail says was done, in words: a line for every action that anything notes.

`tests/guards/test_audit_words.py` finds the actions in the code: a new one needs its words here,
and their Welsh.
"""

from shared.i18n import N_
from shared.i18n import gettext as _

# What people do with accounts, and the board with those of a centre.
ACCOUNTS = {
    "sign_in.completed": N_("Signed in"),
    "sign_in.refused": N_("A sign-in was refused: wrong email address or password"),
    "sign_in.code_refused": N_("A sign-in was refused: wrong code"),
    "sign_in.code_reused": N_("A sign-in was refused: the code had been used"),
    "sign_in.recovery_refused": N_("A sign-in was refused: wrong recovery code"),
    "reauthentication.completed": N_("Password and code were given again"),
    "reauthentication.refused": N_("The code given again was wrong"),
    "session.ended": N_("Signed out"),
    "session.all_ended": N_("Signed out everywhere"),
    "session.token_reused": N_("A session was ended: its token had been used before"),
    "password.link_asked": N_("A link to a new password was asked for"),
    "password.reset": N_("A new password was chosen by a link"),
    "password.changed": N_("The password was changed"),
    "password.refused": N_("The password given again was wrong"),
    "password.ended": N_("The password was ended after many wrong codes"),
    "recovery_codes.made": N_("Recovery codes were made"),
    "recovery_code.used": N_("A recovery code was used"),
    "second_factor.reset": N_("The authenticator app was reset"),
    "language.changed": N_("The language was changed"),
    "user.created": N_("An account was made"),
    "user.invited": N_("Somebody was invited"),
    "user.changed": N_("An account was changed"),
    "invitation.accepted": N_("An invitation was accepted"),
    "invitation.declined": N_("An invitation was declined"),
    "invitation.resent": N_("An invitation was sent again"),
    "invitation.revoked": N_("An invitation was taken back"),
    "moderator.allocated": N_("A moderator was allocated"),
    "moderator.deallocated": N_("An allocation was removed"),
    "centre.named": N_("A centre was named"),
    "centre.looked_at": N_("The pages were looked at as the centre sees them"),
}
# What is of no centre: service accounts and keys, and what operators do.
INSTALLATION = {
    "tool.added": N_("A service account was made"),
    "tool.secret_renewed": N_("A service account got a new secret"),
    "tool.ended": N_("A service account was revoked"),
    "token.issued": N_("A service account got a token"),
    "key.added": N_("A signing key was added"),
    "key.removed": N_("A signing key was removed"),
    "key.revoked": N_("A signing key was revoked"),
    "backup.made": N_("A backup was made"),
    "backup.restored": N_("A backup was restored"),
    "secrets.resealed": N_("Secrets were sealed anew"),
    "tools.add": N_("A tool was given a queue of events"),
    "tools.unseal": N_("What is sealed was taken from the queue of a tool"),
    "tools.remove": N_("The queue of a tool was taken away"),
    "dead-letters.replay": N_("Events that had been given up were put back into their queue"),
    "dead-letters.drop": N_("Events that had been given up were removed for good"),
    "outbox.retried": N_("Events that had been set aside were sent again"),
    "events.republished": N_("What there is now was told again as events"),
}
MARKS = {
    "marks.submitted": N_("The marks were submitted"),
    "marks.imported": N_("Marks were imported from a file"),
    "submission.reopened": N_("A submission was undone"),
    "clerical_error.recorded": N_("A clerical error was recorded"),
    "clerical_error.acknowledged": N_("The centre acknowledged a clerical error"),
    "amendment.requested": N_("An amendment was asked for"),
    "amendment.decided": N_("The awarding body decided on an amendment"),
    "amendment.document_added": N_("A document was added to a request for an amendment"),
    "entry.requested": N_("A late entry was asked for"),
    "entry.decided": N_("The awarding body decided on a late entry"),
    "extension.requested": N_("A later deadline was asked for"),
    "extension.decided": N_("The awarding body decided on a later deadline"),
    "entries.imported": N_("Entries were imported from a file"),
    "paper.added": N_("A paper was added"),
    "paper.changed": N_("A paper was changed"),
    "paper.linked": N_("The links of a paper were changed"),
    "paper.removed": N_("A paper was removed"),
}
SAMPLING = {
    "sample.changed": N_("The sample was changed"),
    "sample.forgotten": N_("The sample was forgotten: its submission was undone"),
    "moderator_mark.saved": N_("A mark of the moderator was saved"),
    "moderation.completed": N_("The moderation was completed"),
    "moderation.decided": N_("The awarding body decided on the outcome"),
}
UPLOADS = {
    "evidence.upload": N_("A file of evidence was uploaded"),
    "evidence.describe": N_("What a file of evidence is was changed"),
    "evidence.scan": N_("A file of evidence was checked for viruses"),
    "evidence.reject": N_("A file of evidence that could not be checked for viruses was rejected"),
    "evidence.delete": N_("A file of evidence was deleted"),
    "evidence.purge": N_("The content of a file of evidence was removed for good"),
    "evidence.verify": N_("All evidence was compared with what had been uploaded"),
}
REPORTS = {
    "moderator_report.written": N_("The moderator's report was written"),
    "moderator_report.decided": N_("The awarding body decided on the moderator's report"),
    "moderator_report.undone": N_(
        "The moderator's report was held back: its submission was undone"
    ),
    "moderator_report.file_added": N_("A file was added to the moderator's report"),
    "moderator_report.file_removed": N_("A file was removed from the moderator's report"),
    "reports.rebuilt": N_("What reports are made from was built anew"),
}
TABLES = (ACCOUNTS, INSTALLATION, MARKS, SAMPLING, UPLOADS, REPORTS)
_KNOWN = {action: words for table in TABLES for action, words in table.items()}


def words_of(action: str) -> str:
    """What was done, in the reader's language; of an action that is no more, its code."""
    known = _KNOWN.get(action)
    return _(known) if known else action
