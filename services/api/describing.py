"""How an API of ours is described: what it may refuse, and that a refusal is a problem."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.api import problems
from services.api.schemas import Problem

REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "the body cannot be read"},
    401: {"model": Problem, "description": "nobody has signed in"},
    403: {"model": Problem, "description": "not for this role, or one must prove again who one is"},
    404: {"model": Problem, "description": "there is no such thing, or it is not yours"},
    409: {"model": Problem, "description": "not as things are now"},
    413: {"model": Problem, "description": "the body is too large"},
    422: {"model": Problem, "description": "the request has a mistake"},
    503: {"model": Problem, "description": "the database does not answer"},
}


def described(app: FastAPI) -> dict[str, Any]:
    """Describe an API; problems are of their own media type, which FastAPI cannot say per response."""
    schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    for path in schema["paths"].values():
        for operation in path.values():
            _name_problems(operation["responses"])
    return schema


def _name_problems(responses: dict[str, Any]) -> None:
    for response in responses.values():
        for content in list(response.get("content", {}).values()):
            if content.get("schema", {}).get("$ref", "").endswith("/Problem"):
                response["content"] = {problems.MEDIA_TYPE: content}
