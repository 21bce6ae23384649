"""People who sign in at a service that asks them to: real tokens, a clock that a test moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pyotp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from studio_rows import NOW_MS, StudioRows

from services.access import Role
from services.access.proof import new_seed
from services.api.context import Context
from services.coaching.enrol import pin_secret
from services.store import staff, tables
from services.store.engine import writing

PASSPHRASE = "kettle umbra vowel tangent"  # noqa: S105 (of people in tests)
PIN = "204816"
STEP_MS = 30_000  # of one-time codes


@dataclass(slots=True)
class DoorPeople:
    """Adds people and lets them in; `now_ms` is the service's clock."""

    client: TestClient
    context: Context
    studio: StudioRows
    now_ms: int = NOW_MS

    def __post_init__(self) -> None:
        identity = replace(self.context.identity, sign_in=True)
        self.context = replace(self.context, identity=identity, now_ms=lambda: self.now_ms)
        cast("FastAPI", self.client.app).state.context = self.context

    def set_door(self, **changes: Any) -> None:
        self.context = replace(self.context, door=replace(self.context.door, **changes))
        cast("FastAPI", self.client.app).state.context = self.context

    def staff(self, login: str, role: Role, sites: Sequence[str] | None = None) -> tuple[str, str]:
        """Add somebody who has taken the invitation up; returns id and seed of the second factor."""
        seed = new_seed()
        with writing(self.studio.engine) as connection:
            staff_id = staff.add(
                connection, login=login, name=login.title(), language="en", now_ms=self.now_ms
            )
            staff.give_role(connection, staff_id, role, sites)
            hashed = self.context.door.proofs.keep(PASSPHRASE)
            staff.take_up(connection, staff_id, hashed=hashed, seed=seed)
        return staff_id, seed

    def patient(self, code: str, site: str = "studio") -> str:
        """Add a patient with a PIN."""
        patient_id = self.studio.patient(code, code=code, site_id=site)
        row = {
            "kind": "pin",
            "lookup": code,
            "patient_id": patient_id,
            "subject": "0" * 32,
            "secret": pin_secret(PIN, code),
            "failures": 0,
            "locked_until_ms": 0,
        }
        self.studio.put(tables.credential, row)
        return patient_id

    def proof(self, login: str, seed: str, **changes: Any) -> dict[str, Any]:
        code = pyotp.TOTP(seed).at(self.now_ms // 1_000)
        return {"login": login, "passphrase": PASSPHRASE, "code": code} | changes

    def sign_in(self, login: str, seed: str, **changes: Any) -> Response:
        return self.client.post("/v1/sign-in", json=self.proof(login, seed, **changes))

    def token(self, login: str, seed: str, *, stepped_up: bool = False) -> dict[str, str]:
        """Sign staff in as a program does; returns the header of its requests."""
        answer = self.sign_in(login, seed, carried="token")
        assert answer.status_code == 200, answer.text
        bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
        if stepped_up:
            self.now_ms += STEP_MS
            proof = self.proof(login, seed)
            del proof["login"]
            assert self.client.post("/v1/step-up", json=proof, headers=bearer).status_code == 200
        return bearer

    def patient_token(self, code: str) -> dict[str, str]:
        """Sign a patient in as a program does."""
        body = {"code": code, "pin": PIN, "carried": "token"}
        answer = self.client.post("/v1/sign-in/patient", json=body)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}
