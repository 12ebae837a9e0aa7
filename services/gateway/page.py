"""The frame of a page: who may see it, its language, the token of its forms.

@page("/centres/<centre_no>/papers", access="signed-in")
def marks_menu(visit: Visit, centre_no: str) -> Drawn: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Response, after_this_request, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from services.gateway import csrf
from services.gateway.bodies import hear_out, room_for_files
from services.gateway.client import Client
from services.gateway.coming_form import ComingForm
from services.gateway.language import choose_page_language
from services.gateway.sessions import SignedIn, session_ended
from services.gateway.state import browser_of_request, gateway
from services.gateway.table import FILE_LIMIT, MIB, Limit, limit_bytes
from services.gateway.user import User
from shared.access.rules import ANYONE, BOARD, SIGNED_IN, Rule, not_permitted, only_looking
from shared.files.incoming import boundary_of
from shared.settings import settings

Drawn = str | AnyResponse
View = Callable[..., Drawn]
Access = Literal["anyone", "signed-in", "board"]
RULES: dict[Access, Rule] = {"anyone": ANYONE, "signed-in": SIGNED_IN, "board": BOARD}
SEE_OTHER = 303
# All fields of a form together, its files left out; those are not held in memory.
FIELDS_BYTES = 32 * MIB


@dataclass(frozen=True)
class Visit:
    """One request for a page: who asks, and what they can ask the services.

    The form of a POST is Flask's `request.form`, on a page for files of any size it is `coming`;
    its token is checked before the view runs.
    """

    browser: SignedIn | None
    services: Client
    coming: ComingForm | None = None

    @property
    def user(self) -> User:
        """Who is signed in, on a page that is not for `anyone`."""
        if self.browser is None:
            raise session_ended()
        return self.browser.user

    @property
    def posted(self) -> bool:
        return request.method == "POST"


@dataclass(frozen=True)
class Page:
    """One line of the table of pages; Flask calls it as the view.

    `limit` is the largest form in bytes (`FILE_LIMIT`: what the settings allow for one file, and
    the form is read as it comes). Of the forms of those who only look, `looking` ones are taken.
    """

    path: str
    view: View
    access: Access
    methods: tuple[str, ...]
    limit: Limit
    looking: bool = False

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def access_rule(self) -> Rule:
        return RULES[self.access]

    def __call__(self, **params: str) -> AnyResponse:
        browser = browser_of_request()
        choose_page_language(request, browser.user.language if browser else "")
        if browser is None and self.access != "anyone":
            raise session_ended()
        # To be set before the token is looked for, which reads the form.
        request.max_content_length = limit_bytes(self.limit, settings().max_file_bytes)
        request.max_form_memory_size = FIELDS_BYTES
        coming = self._coming()
        with room_for_files():
            csrf.require_field(request, coming.fields if coming else None)
        if browser and browser.user.only_looks and request.method == "POST" and not self.looking:
            raise only_looking()
        if browser and browser.user.role != "board" and self.access == "board":
            raise not_permitted()
        drawn = self.view(Visit(browser, gateway().client_for(browser), coming), **params)
        return drawn if isinstance(drawn, AnyResponse) else Response(drawn)

    def _coming(self) -> ComingForm | None:
        """The form of which only the fields have been read, where it may hold any file."""
        if self.limit != FILE_LIMIT or request.method != "POST":
            return None
        boundary = boundary_of(request, settings().max_file_bytes)
        after_this_request(hear_out)
        return ComingForm(request.stream, boundary)


PAGES: list[Page] = []


def page(
    path: str,
    *,
    access: Access,
    methods: tuple[str, ...] = ("GET",),
    limit: Limit = MIB,
    looking: bool = False,
) -> Callable[[View], View]:
    """Declare a page; it takes `visit` and the parts of its path by name."""

    def declare(view: View) -> View:
        PAGES.append(Page(path, view, access, methods, limit, looking))
        return view

    return declare


def go_to(path: str) -> AnyResponse:
    """After a form: look at `path` next."""
    return redirect(path, SEE_OTHER)
