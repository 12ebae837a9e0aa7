"""How much evidence a centre may bring in one series."""

from dataclasses import dataclass

from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.sizes import file_size


@dataclass(frozen=True)
class Quota:
    """What the evidence of a centre takes in a series, and what it may take (0: any amount).

    All that is kept counts, in bytes: deleted files too, and uploads under way as large as they
    were announced.
    """

    used: int
    allowed: int

    def check(self, size: int) -> None:
        """Raise `ConflictError` where a file of that size is too much."""
        if self.allowed and self.used + size > self.allowed:
            said = _(
                "Evidence of your centre in this series takes %(used)s of the %(allowed)s that it "
                "may take, and this file has %(size)s. Please ask the awarding body.",
                used=file_size(self.used),
                allowed=file_size(self.allowed),
                size=file_size(size),
            )
            extra = {"used": self.used, "allowed": self.allowed}
            raise ConflictError(said, slug="quota-exceeded", extra=extra)
