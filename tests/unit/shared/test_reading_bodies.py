"""What a request brings: bodies that may be left out, and JSON that is no text."""

import pytest
from flask import Flask, request
from pydantic import BaseModel

from shared.access.rules import ANYONE
from shared.errors import BadRequestError, UnsupportedMediaTypeError
from shared.web.body import parse_json, read_model
from shared.web.routes import Route

APP = Flask(__name__)


class Optional(BaseModel):
    note: str = "none"


class Required(BaseModel):
    note: str


def _read(model: type[BaseModel], **sent: object) -> BaseModel:
    route = Route(method="POST", path="/", view=lambda: None, access=ANYONE, body=model)
    with APP.test_request_context("/", method="POST", **sent):
        return read_model(request, route, model)


def test_a_body_that_requires_nothing_may_be_left_out() -> None:
    assert _read(Optional) == Optional(note="none")
    assert _read(Optional, json={"note": "some"}) == Optional(note="some")


@pytest.mark.parametrize(
    "sent",
    [{"data": b"note=1", "content_type": "text/plain"}, {"headers": {"Transfer-Encoding": "a"}}],
)
def test_a_body_of_another_type_is_refused_all_the_same(sent: dict[str, object]) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        _read(Optional, **sent)


def test_a_body_that_requires_something_is_asked_for() -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        _read(Required)


@pytest.mark.parametrize("raw", [rb'{"a": "\ud800"}', rb'{"\udfff": 1}', rb'["\ud83d x"]'])
def test_half_of_a_surrogate_pair_is_not_json(raw: bytes) -> None:
    with pytest.raises(BadRequestError):
        parse_json(raw)


def test_a_whole_pair_is_one_character() -> None:
    assert parse_json(rb'["\ud83d\ude00"]') == ["\N{GRINNING FACE}"]
