"""The only HTTP of the dashboard: asks the API and answers typed values, or a `Failure` with its reason."""

import json
import ssl
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Literal, TypeVar
from urllib.parse import quote
from uuid import uuid4, uuid5

import httpx2
import msgspec

from contract.reading import converter

Answer = TypeVar("Answer")
Why = Literal[
    "unreachable", "missing", "refused", "broken", "garbled",
    "signed_out", "forbidden", "step_up", "wrong_proof", "too_often",
    "another",
]  # fmt: skip
TIMEOUT_S = 5.0  # a screen that waits longer than this shows why instead
FILE_TIMEOUT_S = 30.0  # a report or a whole record is made while one waits
TRIES = 2  # of an order whose answer was lost: its key makes sure that it is done once
USUAL_UNIT = "kg"  # of sentences, where nothing else is asked for
PAGE_ROWS = 50  # people or sessions on one screen
MEANINGS: dict[int, Why] = {
    httpx2.codes.UNAUTHORIZED: "signed_out",
    httpx2.codes.FORBIDDEN: "forbidden",
    httpx2.codes.NOT_FOUND: "missing",
    httpx2.codes.TOO_MANY_REQUESTS: "too_often",
}
STEP_UP = "urn:openspine:problem:step-up"  # the type of the problem: prove again who you are
RENAMED = {"from": "before", "to": "after"}  # `from` is a keyword of the language


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence of the service: its code, the values in it, and how the service itself says it.

    `where` is the place in the request that it is about, as in `body.load_kg`; none: it is about all of it.
    """

    code: str
    sentence: str
    where: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer: the service's own sentence, and the reference under which its log has it.

    `told`: the same, sentence by sentence, with codes by which another language finds them.
    """

    reason: Why
    status: int | None = None
    detail: str = ""
    reference: str = ""
    told: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something to be done; `version` is the ETag of what was seen.

    `seen`: the field of the body that names the version that was seen, where a body does.
    `key` marks a repetition of the same; without one, the same again is a repetition until `move_on`.
    """

    path: str
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST"
    body: dict[str, Any] | None = None
    version: str = ""
    seen: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something to keep: its name, media type and bytes, and the zone in which its times are written."""

    name: str
    media_type: str
    content: bytes
    zone: str = "UTC"


class Client:
    """One API, asked synchronously; every method answers a value or a `Failure`, never raises for either."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self.token = token  # of the viewer's own sign-in; the dashboard has no rights of its own
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(
            base_url=self.base_url, headers=headers, timeout=TIMEOUT_S, trust_env=False, verify=_trusted()
        )
        self._ordering = Lock()
        self.move_on()

    def move_on(self) -> None:
        """Take the same order as a new one from now on: the viewer sees what came of those before.

        Until then it is a second click: Streamlit runs it beside the first, which it ends at its next line.
        """
        self._since = uuid4()
        self._done: dict[str, httpx2.Response] = {}  # by key; holds what is shown once, so not for long

    def get(self, where: str, kind: type[Answer], /, **query: str | int) -> Answer | Failure:
        """Ask for the value at an address."""
        response = self._ask(where, query)
        return response if isinstance(response, Failure) else decode(response.content, kind)

    def get_version(self, where: str, kind: type[Answer]) -> tuple[Answer, str] | Failure:
        """Ask for a value and its ETag, which a change of it must name."""
        response = self._ask(where, {})
        if isinstance(response, Failure):
            return response
        value = decode(response.content, kind)
        return value if isinstance(value, Failure) else (value, response.headers.get("etag", ""))

    def get_file(self, where: str, name: str, /, **query: str | int) -> File | Failure:
        """Ask for a file, to be kept under a name."""
        response = self._ask(where, query, FILE_TIMEOUT_S)
        if isinstance(response, Failure):
            return response
        media_type = response.headers.get("content-type", "application/octet-stream")
        zone = response.headers.get("x-time-zone", "UTC")
        return File(name=name, media_type=media_type, content=response.content, zone=zone)

    def send(self, order: Order, kind: type[Answer]) -> Answer | Failure:
        """Have something done; answers what came of it."""
        response = self._send(order)
        return response if isinstance(response, Failure) else decode(response.content, kind)

    def do(self, order: Order) -> Failure | None:
        """Have something done; None when it is done."""
        response = self._send(order)
        return response if isinstance(response, Failure) else None

    def _ask(
        self, where: str, query: dict[str, str | int], timeout_s: float = TIMEOUT_S
    ) -> httpx2.Response | Failure:
        try:
            response = self._http.get(where, params=query, timeout=timeout_s)
        except httpx2.TransportError:
            return Failure(reason="unreachable")
        return response if response.is_success else _problem(response)

    def _send(self, order: Order) -> httpx2.Response | Failure:
        key = order.key or self._key(order)
        with self._ordering:  # a second click waits here for the answer of the first
            first = self._done.get(key)
            if first is not None:
                return first
            response = self._sent(order, key)
            if not isinstance(response, Failure):
                self._done[key] = response
            return response

    def _sent(self, order: Order, key: str) -> httpx2.Response | Failure:
        headers = {"Idempotency-Key": key}
        if order.version:
            headers["If-Match"] = order.version
        for _ in range(TRIES):
            try:
                response = self._http.request(order.method, order.path, json=order.body, headers=headers)
            except httpx2.TransportError:
                continue
            return response if response.is_success else _problem(response)
        return Failure(reason="unreachable")

    def _key(self, order: Order) -> str:
        """Name what is asked for; not its version, in head or body, which the first click has changed."""
        body = {name: value for name, value in (order.body or {}).items() if name != order.seen}
        asked = json.dumps([order.method, order.path, body], sort_keys=True)
        return uuid5(self._since, asked).hex


@cache
def _trusted() -> ssl.SSLContext:
    """Read the authorities that are trusted, once for all viewers: it takes 50 ms, and knows nobody."""
    return ssl.create_default_context()


def path(template: str, *parts: str) -> str:
    """Fill an address with parts that cannot lead to another one."""
    return template.format(*(quote(part, safe="") for part in parts))


def in_unit(unit: str) -> dict[str, str]:
    """Ask for sentences in a unit of weight; the usual one need not be named."""
    return {} if unit == USUAL_UNIT else {"unit": unit}


def decode(content: bytes, kind: type[Answer]) -> Answer | Failure:
    """Read a JSON body as `kind`; what does not fit is `Failure` garbled, with the place that did not."""
    try:
        value = msgspec.json.decode(content)
        return converter(kind)(_renamed(value))
    except (msgspec.DecodeError, msgspec.ValidationError) as misfit:
        return Failure(reason="garbled", detail=str(misfit))


def _renamed(value: object) -> object:
    if isinstance(value, dict):
        return {RENAMED.get(name, name): _renamed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    return value


def _problem(response: httpx2.Response) -> Failure:
    """Turn an RFC 9457 problem into a `Failure`; its detail is the service's own sentence."""
    try:
        body = response.json()
    except ValueError:
        body = None
    told = body if isinstance(body, dict) else {}
    reason: Why = "broken" if response.is_server_error else MEANINGS.get(response.status_code, "refused")
    return Failure(
        reason="step_up" if told.get("type") == STEP_UP else reason,
        status=response.status_code,
        detail=_detail(told),
        reference=str(told.get("instance") or "").removeprefix("urn:uuid:"),
        told=_refusals(told),
    )


def _refusals(problem: dict[str, Any]) -> tuple[Refusal, ...]:
    """Take what a problem says and what is wrong with each value, with their codes."""
    mistakes = [each for each in problem.get("mistakes") or [] if isinstance(each, dict)]
    said = [(problem, problem.get("detail")), *((each, each.get("what")) for each in mistakes)]
    return tuple(
        Refusal(
            code=str(one.get("type") or ""),
            sentence=str(sentence),
            where=str(one.get("where") or ""),
            values=dict(one.get("values") or {}),
        )
        for one, sentence in said
        if sentence
    )


def _detail(problem: dict[str, Any]) -> str:
    """Take the sentence of a problem, and what is wrong with each value."""
    told = str(problem.get("detail") or problem.get("title") or "")
    mistakes = problem.get("mistakes") or []
    places = [f"{each['where']}: {each['what']}" for each in mistakes if isinstance(each, dict)]
    return " ".join([told, *places])
