"""What a request brings: a body may be left out where nothing is required."""

from typing import Literal

import pytest
from flask import Flask, request
from pydantic import BaseModel, ConfigDict

from shared.access.rules import ANYONE
from shared.errors import BadRequestError, UnprocessableError, UnsupportedMediaTypeError
from shared.web.body import read_model, read_query
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


@pytest.mark.parametrize("said", ["application/json", "application/x-www-form-urlencoded"])
def test_an_empty_body_is_none_whatever_its_type(said: str) -> None:
    assert _read(Optional, data=b"", content_type=said) == Optional(note="none")
    with pytest.raises((BadRequestError, UnsupportedMediaTypeError)):
        _read(Required, data=b"", content_type=said)


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


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    show: Literal["all", "marked", "samples"] = "all"


def test_a_name_with_a_slash_is_one_step_of_a_pointer() -> None:
    with pytest.raises(UnprocessableError) as refused:
        _read(Closed, json={"a/b~c": 1})
    assert [error.pointer for error in refused.value.errors] == ["/a~1b~0c"]


def test_the_words_there_are_to_choose_from_are_joined_by_no_english_one() -> None:
    with pytest.raises(UnprocessableError) as refused:
        read_query({"show": "some"}, Closed)
    (error,) = refused.value.errors
    assert error.detail == "This must be one of: 'all', 'marked', 'samples'."
