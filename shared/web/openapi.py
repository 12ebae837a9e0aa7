"""OpenAPI 3.1 of a service, generated from the route table that validates its requests."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from shared.web.body import requires_body
from shared.web.problems import PROBLEM
from shared.web.routes import Route, Routes

REF = "#/components/schemas/{model}"
PART = re.compile(r"<(?:\w+:)?(\w+)>")
STREAMED = {"schema": {"type": "string", "format": "binary"}}


def document(routes: Routes) -> dict[str, Any]:
    """The whole document of one service; the gateway joins them."""
    schemas: dict[str, Any] = {"Problem": _problem_schema()}
    paths: dict[str, Any] = {}
    for route in routes.table:
        path = PART.sub(r"{\1}", route.path)
        operation = _operation(routes.service, route, schemas)
        paths.setdefault(path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": f"IAMIS {routes.service}", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _operation(service: str, route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{service}_{route.name}",
        "tags": [service],
        "summary": (route.view.__doc__ or route.name.replace("_", " ")).strip().partition("\n")[0],
        "description": f"Allowed: {route.access.name}.",
        "parameters": [*_path_parameters(route.path), *_query_parameters(route.query, schemas)],
        "responses": _responses(route, schemas),
        "security": [] if route.access.anonymous else [{"bearer": []}],
    }
    content = _request_content(route, schemas)
    if content:
        required = route.body is None or requires_body(route.body)
        operation["requestBody"] = {"required": required, "content": content}
    return operation


def _request_content(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    if route.body:
        return {"application/json": {"schema": _model(route.body, schemas)}}
    if route.raw:
        return {route.raw: STREAMED}
    if route.streams:
        schema = {"type": "object", "properties": {"file": STREAMED["schema"]}}
        return {"multipart/form-data": {"schema": schema}} if route.method == "POST" else {}
    return {}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PART.findall(path)
    ]


def _query_parameters(
    model: type[BaseModel] | None, schemas: dict[str, Any]
) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=REF)
    schemas.update(schema.pop("$defs", {}))
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": what}
        for name, what in schema["properties"].items()
    ]


def _model(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    _keys, joined = models_json_schema([(model, "validation")], ref_template=REF)
    schemas.update(joined.get("$defs", {}))
    return {"$ref": REF.format(model=model.__name__)}


def _answer(returns: type, schemas: dict[str, Any]) -> dict[str, Any]:
    adapter: TypeAdapter[object] = TypeAdapter(returns)
    schema = adapter.json_schema(ref_template=REF, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    return schema


def _responses(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if route.returns is not None:
        done["content"] = {"application/json": {"schema": _answer(route.returns, schemas)}}
    refused = {
        "description": "Refused",
        "content": {PROBLEM: {"schema": {"$ref": REF.format(model="Problem")}}},
    }
    return {str(route.status): done} | {str(status): refused for status in _refusals(route)}


def _refusals(route: Route) -> list[int]:
    statuses: set[int] = set(route.refusals)
    if not route.access.anonymous:
        statuses |= {401, 403, 404}
    if route.body or route.raw:
        statuses |= {400, 413, 415, 422}
    if route.query:
        statuses.add(422)
    return sorted(statuses | {503})


def _problem_schema() -> dict[str, Any]:
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


def joined(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One document out of several services'."""
    whole: dict[str, Any] = document(Routes("platform"))
    whole["info"]["title"] = "IAMIS"
    for part in documents:
        whole["paths"] |= part["paths"]
        whole["components"]["schemas"] |= part["components"]["schemas"]
    return whole
