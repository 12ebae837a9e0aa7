"""Reading and validating what a request brings: size, type, JSON, then the model's rules."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.errors import (
    BadRequestError,
    FieldError,
    PayloadTooLargeError,
    UnprocessableError,
    UnsupportedMediaTypeError,
)
from shared.i18n import gettext as _
from shared.web.routes import Route

CHUNK = 64 * 1024


def read_bytes(request: Request, limit: int) -> bytes:
    """The whole body; `PayloadTooLargeError` as soon as it is known to be over `limit` bytes."""
    too_large = PayloadTooLargeError(
        _("The request is larger than %(limit)s bytes allow.", limit=limit),
        extra={"limit": limit},
    )
    if (request.content_length or 0) > limit:
        raise too_large
    pieces: list[bytes] = []
    size = 0
    while piece := request.stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise too_large
        pieces.append(piece)
    return b"".join(pieces)


def read_raw(request: Request, route: Route) -> bytes:
    """The body of a route that takes bytes of the content types it names."""
    _expect(request, (route.raw or "",))
    return read_bytes(request, route.limit)


def read_model(request: Request, route: Route, model: type[BaseModel]) -> BaseModel:
    """The body as the route's model; 415, 413, 400 and 422 in this order of asking.

    An empty body stands for an empty object where the model requires nothing; with PUT and PATCH,
    which have no sense without one, only if no type is announced either.
    """
    if not (requires_body(model) or _brings_body(request)):
        return model()
    _expect(request, ("application/json",))
    return validate(model, parse_json(read_bytes(request, route.limit)))


def requires_body(model: type[BaseModel]) -> bool:
    return any(field.is_required() for field in model.model_fields.values())


def _brings_body(request: Request) -> bool:
    is_announced = request.method != "POST" and "Content-Type" in request.headers
    return is_announced or "Transfer-Encoding" in request.headers or bool(request.content_length)


def _expect(request: Request, types: Iterable[str]) -> None:
    wanted = ", ".join(types)
    if request.mimetype not in wanted.split(", "):
        raise UnsupportedMediaTypeError(_("Send the body as %(type)s.", type=wanted))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def parse_json(raw: bytes) -> object:
    """JSON as RFC 8259 has it: `NaN` and `Infinity` are not in it."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(_("The body is not valid JSON.")) from error


def validate(model: type[BaseModel], read: object) -> BaseModel:
    try:
        return model.model_validate(read)
    except ValidationError as error:
        raise refusal(error) from error


def read_query(args: Mapping[str, str], model: type[BaseModel]) -> BaseModel:
    return validate(model, dict(args))


def refusal(error: ValidationError) -> UnprocessableError:
    """All that is wrong, each with the pointer of its field, in the reader's language."""
    found = error.errors(include_url=False)
    fields = [FieldError(pointer_to(one["loc"]), _sentence(one)) for one in found]
    shown = [f"{field.pointer.strip('/') or _('body')}: {field.detail}" for field in fields]
    return UnprocessableError(" ".join(shown), errors=fields)


def pointer_to(steps: Iterable[int | str]) -> str:
    """The JSON pointer of a place (RFC 6901): a name that has a slash is still one step."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join(f"/{step}" for step in escaped)


def _context(found: ErrorDetails) -> dict[str, Any]:
    """What pydantic says beside the kind of error; it joins words by one that is English."""
    context = found.get("ctx", {})
    if "expected" not in context:
        return context
    return context | {"expected": context["expected"].replace("' or '", "', '")}


def _sentence(found: ErrorDetails) -> str:
    """The rule that a value breaks, by the kind of error pydantic reports."""
    context = _context(found)
    sentences = {
        "missing": _("This is required."),
        "extra_forbidden": _("This is not known here."),
        "string_type": _("This must be text."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "bool_parsing": _("This must be true or false."),
        "list_type": _("This must be a list."),
        "dict_type": _("This must be an object."),
        "model_type": _("This must be an object."),
        "date_type": _("This must be a date, as YYYY-MM-DD."),
        "date_parsing": _("This must be a date, as YYYY-MM-DD."),
        "date_from_datetime_parsing": _("This must be a date, as YYYY-MM-DD."),
        "datetime_type": _("This must be an instant with its offset (RFC 3339)."),
        "datetime_parsing": _("This must be an instant with its offset (RFC 3339)."),
        "datetime_from_date_parsing": _("This must be an instant with its offset (RFC 3339)."),
        "timezone_aware": _("This must be an instant with its offset (RFC 3339)."),
        "string_unicode": _("This must be text."),
        "email": _("This must be an email address."),
        "not_printable": _("This must be printable text."),
        "literal_error": _("This must be one of: %(expected)s."),
        "greater_than_equal": _("This must be at least %(ge)s."),
        "greater_than": _("This must be more than %(gt)s."),
        "less_than_equal": _("This must be at most %(le)s."),
        "string_too_short": _("This must have at least %(min_length)s characters."),
        "string_too_long": _("This must have at most %(max_length)s characters."),
        "string_pattern_mismatch": _("This does not have the expected form."),
        "too_short": _("This must have at least %(min_length)s items."),
        "too_long_together": _("This is too long in all."),
        "too_long": _("This must have at most %(max_length)s items."),
    }
    sentence = sentences.get(found["type"]) or _("This is not valid.")
    return sentence % context if "%(" in sentence else sentence
