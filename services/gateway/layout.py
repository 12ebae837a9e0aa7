"""How pages are drawn: the templates' surroundings and the headers that guard them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from jinja2 import StrictUndefined

from services.gateway import (
    draft_paths,
    help_paths,
    looking_paths,
    paths,
    progress_paths,
    report_paths,
    service_paths,
    troubles,
)
from services.gateway.evidence import lacking_words
from services.gateway.formats import as_name, short_date, short_time
from services.gateway.guide import step_about
from services.gateway.hints import hints_read
from services.gateway.menu import is_submitted
from services.gateway.scheme import chosen_scheme
from services.gateway.shown import as_shown
from services.gateway.state import Gateway
from services.gateway.trail_words import spelt_out
from shared.i18n import LANGUAGES, gettext, language, ngettext
from shared.settings import settings
from shared.sizes import file_size

TEMPLATES = Path(__file__).parent / "templates"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    f"base-uri 'none'; report-uri {troubles.CSP_PATH}"
)
GUARDS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# For two years no plain http to this host, which ASVS asks of the hosts below it too.
TLS_GUARDS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
LANGUAGE_NAMES = {"en": "English", "cy": "Cymraeg"}


def install(app: Flask, gateway: Gateway) -> None:
    app.template_folder = str(TEMPLATES)
    # The environment is made at its first use, which is the next line.
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.filters.update(
        as_name=as_name,
        as_shown=as_shown,
        file_size=file_size,
        short_date=short_date,
        short_time=short_time,
        spelt_out=spelt_out,
    )
    app.jinja_env.tests["submitted"] = is_submitted
    app.jinja_env.globals.update(
        asset=gateway.assets.url,
        lacking_words=lacking_words,
        language=language,
        languages={code: LANGUAGE_NAMES[code] for code in LANGUAGES},
        paths=paths,
        draft_paths=draft_paths,
        help_paths=help_paths,
        looking_paths=looking_paths,
        progress_paths=progress_paths,
        report_paths=report_paths,
        service_paths=service_paths,
    )
    app.context_processor(_surroundings)
    app.after_request(_guard)


def _surroundings() -> dict[str, Any]:
    browser = g.get("browser")
    given = settings()
    return {
        "user": browser.user if browser else None,
        "scheme": chosen_scheme(request),
        "helping": given.help,
        "hints_read": hints_read(request),
        "guide_step": step_about(request.endpoint),
    }


def _policy() -> str:
    """Scripts reach the object storage too, where it takes parts of files from browsers."""
    public_url = settings().s3_public_url
    if public_url is None:
        return POLICY
    url = urlsplit(public_url)
    return POLICY.replace("connect-src 'self'", f"connect-src 'self' {url.scheme}://{url.netloc}")


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _policy())
    for name, value in (GUARDS | TLS_GUARDS if settings().behind_tls else GUARDS).items():
        response.headers.setdefault(name, value)
    return response
