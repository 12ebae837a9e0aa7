"""OpenAPI 3.1 of a service, generated from the route table that validates its requests."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from shared.i18n import LANGUAGES
from shared.web import idempotency
from shared.web.body import requires_body
from shared.web.problems import PROBLEM
from shared.web.routes import Route, Routes

SCHEMAS = "#/components/schemas/"
LANGUAGE = {"$ref": "#/components/parameters/Language"}
KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
PART = re.compile(r"<(?:\w+:)?(\w+)>")
BINARY = {"schema": {"type": "string", "format": "binary"}}

Json = dict[str, Any]


def document(routes: Routes) -> Json:
    """The whole document of one service; the gateway joins them."""
    schemas = Schemas(routes.service)
    paths: Json = {}
    for route in routes.table:
        path = PART.sub(r"{\1}", route.path)
        operation = _operation(routes.service, route, schemas)
        paths.setdefault(path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": f"IAMIS {routes.service}", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {"Problem": _problem_schema()} | schemas.named,
            "parameters": _parameters_of_many(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


class Schemas:
    """The models of one service as schemas, under names that no other service has."""

    def __init__(self, service: str) -> None:
        self._prefix = f"{service}."
        self._template = f"{SCHEMAS}{self._prefix}{{model}}"
        self.named: Json = {}

    def of_body(self, model: type[BaseModel]) -> Json:
        """What a request brings; the model's schema is named."""
        _keys, joined = models_json_schema([(model, "validation")], ref_template=self._template)
        self._keep(joined)
        return {"$ref": self._template.format(model=model.__name__)}

    def of_query(self, model: type[BaseModel]) -> Json:
        return self._keep(model.model_json_schema(ref_template=self._template))

    def of_answer(self, returns: type) -> Json:
        adapter: TypeAdapter[object] = TypeAdapter(returns)
        return self._keep(adapter.json_schema(ref_template=self._template, mode="serialization"))

    def _keep(self, schema: Json) -> Json:
        """Take the definitions of a schema; the rest of it is returned."""
        for name, definition in schema.pop("$defs", {}).items():
            self.named[self._prefix + name] = definition
        return schema


def _operation(service: str, route: Route, schemas: Schemas) -> Json:
    operation: Json = {
        "operationId": f"{service}_{route.name}",
        "tags": [service],
        "summary": (route.view.__doc__ or "").strip().partition("\n")[0],
        "description": f"Allowed: {route.access.name}.",
        "parameters": _parameters(route, schemas),
        "responses": _responses(route, schemas),
        "security": [] if route.access.anonymous else [{"bearer": []}],
    }
    content = _request_content(route, schemas)
    if content:
        required = route.body is None or requires_body(route.body)
        operation["requestBody"] = {"required": required, "content": content}
    return operation


def _request_content(route: Route, schemas: Schemas) -> Json:
    if route.body:
        return {"application/json": {"schema": schemas.of_body(route.body)}}
    if route.raw:
        return dict.fromkeys(route.raw.split(", "), BINARY)
    if route.streams:
        schema = {"type": "object", "properties": {"file": BINARY["schema"]}}
        return {"multipart/form-data": {"schema": schema}} if route.method == "POST" else {}
    return {}


def _parameters(route: Route, schemas: Schemas) -> list[Json]:
    own = [*_path_parameters(route.path), *_query_parameters(route.query, schemas)]
    return [*own, LANGUAGE, *([KEY] if route.takes_key else [])]


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PART.findall(path)
    ]


def _query_parameters(model: type[BaseModel] | None, schemas: Schemas) -> list[Json]:
    if model is None:
        return []
    schema = schemas.of_query(model)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": what}
        for name, what in schema["properties"].items()
    ]


def _responses(route: Route, schemas: Schemas) -> Json:
    content = dict.fromkeys(route.media, BINARY)
    if route.returns is not None:
        content |= {"application/json": {"schema": schemas.of_answer(route.returns)}}
    done = {"description": "Done"} | ({"content": content} if content else {})
    refused = {
        "description": "Refused",
        "content": {PROBLEM: {"schema": {"$ref": f"{SCHEMAS}Problem"}}},
    }
    statuses = (route.status, *route.also)
    return {str(status): done for status in statuses} | {
        str(status): refused for status in _refusals(route)
    }


def _refusals(route: Route) -> list[int]:
    statuses: set[int] = set(route.refusals)
    if not route.access.anonymous:
        statuses |= {401, 403, 404}
    if route.body or route.raw:
        statuses |= {400, 413, 415, 422}
    if route.query:
        statuses.add(422)
    if route.takes_key:
        statuses |= {409, 422}
    return sorted(statuses | {503})


def _parameters_of_many() -> Json:
    """What every operation takes, and each that creates."""
    return {
        "Language": {
            "name": "lang",
            "in": "query",
            "required": False,
            "description": "The language of the answer, before `Accept-Language` and the account.",
            "schema": {"type": "string", "enum": sorted(LANGUAGES)},
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Sent again with it within 24 hours, it is done once: 409 while that is "
            "under way, then the first answer again, and 422 for another request.",
            "schema": {"type": "string", "maxLength": idempotency.LONGEST},
        },
    }


def _problem_schema() -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "request_id": text,
            "errors": {
                "type": "array",
                "items": {"type": "object", "properties": {"pointer": text, "detail": text}},
            },
        },
    }


def joined(documents: Iterable[Json]) -> Json:
    """One document out of several services'."""
    whole: Json = document(Routes("platform"))
    whole["info"]["title"] = "IAMIS"
    for part in documents:
        whole["paths"] |= part["paths"]
        whole["components"]["schemas"] |= part["components"]["schemas"]
    return whole
