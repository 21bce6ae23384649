"""A browser that goes to an identity provider and comes back; both services are real, on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import pyotp
from door_people import DoorPeople
from httpx2 import Response
from identity_provider import CLIENT, REDIRECT, SECRET, IdentityProvider, serving
from sqlalchemy import func, select

from services.office import linking
from services.oidc.provider import Provider
from services.oidc.registered import Registered
from services.store import tables
from services.store.engine import writing

DASHBOARD = "http://127.0.0.1:8501"
MFA = {"amr": ["pwd", "mfa"]}
SET_OUT, RETURN, CODE = "/v1/sign-in/provider", "/v1/sign-in/provider/return", "/v1/sign-in/provider/code"


@dataclass(slots=True)
class Traveller:
    """A browser at the service, and what is said to it by the provider."""

    door: DoorPeople
    provider: IdentityProvider

    def link(self, staff_id: str, **named: str) -> None:
        person = linking.Person(issuer=self.provider.issuer, **(named or {"subject": self.provider.subject}))
        with writing(self.door.studio.engine) as connection:
            fault = linking.link(connection, staff_id, person, "cli", self.door.now_ms, is_vouched=True)
        assert fault is None

    def set_out(self, **body: object) -> Response:
        return self.door.client.post(SET_OUT, json=body)

    def come_back(self, code: str, state: str) -> Response:
        return self.door.client.post(RETURN, json={"code": code, "state": state})

    def travel(self, **body: object) -> Response:
        """Go there and back."""
        answer = self.set_out(**body)
        assert answer.status_code == 200, answer.text
        return self.come_back(*self.provider.consent(answer.json()["address"]))

    def kept_trips(self) -> int:
        """Count the trips in the store, those that came back among them."""
        with self.door.studio.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(tables.sign_in_trip)) or 0

    def refusals(self) -> list[tuple[str, str]]:
        """List why the audit says that nobody was let in, and who it would have been."""
        audit = tables.audit.c
        refused = select(audit.detail, audit.object_id).where(audit.action == "staff.provider_refused")
        with self.door.studio.engine.connect() as connection:
            found = connection.execute(refused.order_by(audit.id)).all()
        return [(row.detail["code"], row.object_id) for row in found]


def own_code(door: DoorPeople, seed: str) -> dict[str, str]:
    return {"code": pyotp.TOTP(seed).at(door.now_ms // 1_000)}


def is_out(door: DoorPeople) -> bool:
    return door.client.get("/v1/me").status_code == HTTPStatus.UNAUTHORIZED


@contextmanager
def travelling(door: DoorPeople) -> Iterator[Traveller]:
    """Let staff of a service come from a provider of its own."""
    provider = IdentityProvider(now_ms=lambda: door.now_ms)
    with serving(provider):
        registered = Registered(
            issuer=provider.issuer,
            name="Studio account",
            client_id=CLIENT,
            secret=SECRET,
            redirect=REDIRECT,
            acr=("gold",),
            amr=("mfa",),
        )
        door.set_door(provider=Provider(registered))
        door.client.headers["Origin"] = door.context.door.origins[0]  # as browsers name it
        yield Traveller(door, provider)
