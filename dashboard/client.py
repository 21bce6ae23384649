"""The only HTTP of the dashboard: asks the API and answers typed values, or a `Failure` with its reason."""

from typing import TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from dashboard.answers import About, Failure, Floor, Patient, PatientPage, Viewer, Why
from dashboard.answers_history import (
    AdjustmentPage,
    Balance,
    Explanation,
    Progress,
    SessionDetail,
    SessionPage,
)

Answer = TypeVar("Answer")
TIMEOUT_S = 5.0  # a screen that waits longer than this shows why instead
USUAL_UNIT = "kg"  # of sentences, where nothing else is asked for
PAGE_ROWS = 50  # people or sessions on one screen
MEANINGS: dict[int, Why] = {
    httpx2.codes.UNAUTHORIZED: "signed_out",
    httpx2.codes.FORBIDDEN: "forbidden",
    httpx2.codes.NOT_FOUND: "missing",
}
RENAMED = {"from": "before", "to": "after"}  # `from` is a keyword of the language


class Client:
    """One API, asked synchronously; every method answers a value or a `Failure`, never raises for either."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self.token = token  # of the viewer's own sign-in; the dashboard has no rights of its own
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(
            base_url=self.base_url, headers=headers, timeout=TIMEOUT_S, trust_env=False
        )

    def me(self) -> Viewer | Failure:
        """Ask who has signed in."""
        return self._get("/v1/me", Viewer)

    def sign_out(self) -> Failure | None:
        """End the viewer's sign-in."""
        try:
            response = self._http.post("/v1/sign-out")
        except httpx2.TransportError:
            return Failure(reason="unreachable")
        return None if response.is_success else _problem(response)

    def about(self) -> About | Failure:
        """Ask which service this is."""
        return self._get("/v1/about", About)

    def floor(self, unit: str = USUAL_UNIT) -> Floor | Failure:
        """Ask for every machine as it is now, weights of its sentences in a unit."""
        return self._get("/v1/floor", Floor, **_in(unit))

    def patients(self, search: str = "") -> PatientPage | Failure:
        """Ask for the people whose name or code contains `search` (empty: everybody)."""
        return self._get("/v1/patients", PatientPage, search=search, limit=PAGE_ROWS)

    def patient(self, patient: str) -> Patient | Failure:
        """Ask for the header of one person."""
        return self._get(f"/v1/patients/{quote(patient, safe='')}", Patient)

    def balance(self, patient: str) -> Balance | Failure:
        """Ask for the balance of one person."""
        return self._get(f"/v1/patients/{quote(patient, safe='')}/balance", Balance)

    def progress(self, patient: str) -> Progress | Failure:
        """Ask for every series of one person."""
        return self._get(f"/v1/patients/{quote(patient, safe='')}/progress", Progress)

    def adjustments(self, patient: str, limit: int, unit: str = USUAL_UNIT) -> AdjustmentPage | Failure:
        """Ask for the newest `limit` adjustments of one person, weights of their sentences in a unit."""
        path = f"/v1/patients/{quote(patient, safe='')}/adjustments"
        return self._get(path, AdjustmentPage, limit=limit, **_in(unit))

    def explanation(self, adjustment: str, unit: str = USUAL_UNIT) -> Explanation | Failure:
        """Ask what spoke for and against one adjustment."""
        path = f"/v1/adjustments/{quote(adjustment, safe='')}/explanation"
        return self._get(path, Explanation, **_in(unit))

    def sessions(self, patient: str) -> SessionPage | Failure:
        """Ask for the newest sessions of one person."""
        return self._get(f"/v1/patients/{quote(patient, safe='')}/sessions", SessionPage, limit=PAGE_ROWS)

    def session(self, session: str) -> SessionDetail | Failure:
        """Ask for one session with every repetition and its curve."""
        return self._get(f"/v1/sessions/{quote(session, safe='')}", SessionDetail, curves="true")

    def _get(self, path: str, kind: type[Answer], **query: str | int) -> Answer | Failure:
        try:
            response = self._http.get(path, params=query)
        except httpx2.TransportError:
            return Failure(reason="unreachable")
        if not response.is_success:
            return _problem(response)
        return decode(response.content, kind)


def _in(unit: str) -> dict[str, str]:
    return {} if unit == USUAL_UNIT else {"unit": unit}


def decode(content: bytes, kind: type[Answer]) -> Answer | Failure:
    """Read a JSON body as `kind`; what does not fit is `Failure` garbled, with the place that did not."""
    try:
        value = msgspec.json.decode(content)
        return msgspec.convert(_renamed(value), kind)
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
    detail = body.get("detail") or body.get("title") or "" if isinstance(body, dict) else ""
    reason: Why = "broken" if response.is_server_error else MEANINGS.get(response.status_code, "refused")
    return Failure(reason=reason, status=response.status_code, detail=detail)
