"""All reports of a centre, made while one sees how far it is, and fetched when it is ready."""

from pydantic import BaseModel, ConfigDict

from services.reports.access import MAY_LIST_REPORTS
from services.reports.api.table import ROUTES
from services.reports.commands.bundles import ask
from services.reports.queries.bundles import (
    BundleJson,
    Form,
    bundle_json,
    bundle_of,
    content_of,
    is_ready,
    names_of_parts,
)
from services.reports.render.bundle import MEDIA, PDF, ZIP, name_of_bundle, packed
from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.web.downloads import download
from shared.web.routes import Call, Reply

_PATH = "/centres/<centre_no>/bundles"


class AskBundle(BaseModel):
    """One PDF of all papers, or a ZIP with a PDF for each."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Form


@ROUTES.post(
    _PATH,
    access=MAY_LIST_REPORTS,
    body=AskBundle,
    status=201,
    returns=BundleJson,
    also=(200,),
)
def ask_for_bundle(call: Call, body: AskBundle, centre_no: str) -> Reply:
    """Have the reports made: 201, or 200 with the one that is being made for the reader already."""
    bundle, is_new = ask(call.session, call.principal, centre_no, body.format)
    return Reply(bundle_json(bundle), status=201 if is_new else 200)


@ROUTES.get(f"{_PATH}/<bundle_id>", access=MAY_LIST_REPORTS, returns=BundleJson)
def get_bundle(call: Call, centre_no: str, bundle_id: str) -> BundleJson:
    """How far it is; it is there for whoever asked, for an hour."""
    return bundle_json(bundle_of(call.session, call.principal, centre_no, bundle_id))


@ROUTES.get(
    f"{_PATH}/<bundle_id>/file",
    access=MAY_LIST_REPORTS,
    streams=True,
    media=MEDIA,
    refusals=(409,),
)
def get_bundle_file(call: Call, centre_no: str, bundle_id: str) -> Reply:
    """The file, once it is ready."""
    with call.database.reading() as session:
        bundle = bundle_of(session, call.principal, centre_no, bundle_id)
        if not is_ready(bundle):
            raise ConflictError(_("The reports are still being made."))
        parts, form = names_of_parts(session, bundle_id), bundle.format
    contents = [(name, content_of(call.database, bundle_id, number)) for number, name in parts]
    name = name_of_bundle(centre_no, form)
    if form == "pdf":
        return download(contents[0][1], PDF, name)
    return download(packed(contents), ZIP, name)
