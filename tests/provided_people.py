"""Accounts of staff and people at an identity provider, without HTTP and without the provider."""

from dataclasses import dataclass

import pyotp
from sqlalchemy import Engine

from services.access import Role
from services.access.proof import Proofs
from services.access.trip import trip_of
from services.office import confirming, linking, provided, staff
from services.office.provided import Back, Named, Outcome
from services.office.signing_in import Denied, Let, Place, Waits, sign_in_staff
from services.store import trips
from services.store.engine import writing

NOW_MS = 1_800_000_000_000
STEP_MS = 30_000  # of one-time codes
ISSUER = "https://id.example"
PASSPHRASE = "kettle umbra vowel tangent"  # noqa: S105 (of people in tests)
SOMEWHERE = Place(name="192.0.2.1", is_enrolled=False)


@dataclass(slots=True)
class ProvidedPeople:
    """What admins, clinicians and strangers do with accounts; every act takes a step of time."""

    engine: Engine
    now_ms: int = NOW_MS

    def later(self) -> int:
        self.now_ms += STEP_MS
        return self.now_ms

    def invite(self, login: str, role: Role = "clinician", *, is_vouched: bool = False) -> staff.Invited:
        who = staff.NewStaff(login=login, name=f"Dr {login}", language="en", role=role, sites=None)
        with writing(self.engine) as connection:
            invited = staff.invite(connection, who, "admin", self.later(), is_vouched=is_vouched)
        assert isinstance(invited, staff.Invited)
        return invited

    def take_up(self, code: str) -> str | None:
        """Take an invitation up; returns the seed of the second factor."""
        with writing(self.engine) as connection:
            factor = staff.take_up(connection, Proofs(), code, PASSPHRASE, self.later())
        assert not isinstance(factor, staff.Fault)
        return None if factor is None else factor.seed

    def link(self, staff_id: str, *, is_vouched: bool = False, **named: str) -> None:
        person = linking.Person(issuer=ISSUER, **named)
        with writing(self.engine) as connection:
            fault = linking.link(connection, staff_id, person, "admin", self.later(), is_vouched=is_vouched)
        assert fault is None

    def unlink(self, staff_id: str) -> None:
        with writing(self.engine) as connection:
            assert linking.unlink(connection, staff_id, "admin", self.later()) is None

    def confirm(self, staff_id: str) -> str | None:
        """Let a second person confirm; returns why not."""
        with writing(self.engine) as connection:
            fault = confirming.confirm(connection, staff_id, "clinician", self.later())
        return None if fault is None else fault.why

    def come(self, subject: str, email: str | None = None, *, has_second: bool = True) -> tuple[str, Outcome]:
        """Come from the provider; returns the secret of the trip, too."""
        named = Named(
            issuer=ISSUER, subject=subject, email=email, is_email_verified=True, has_second=has_second
        )
        with writing(self.engine) as connection:
            secret = trips.begin(connection, "/", None, SOMEWHERE.name, self.later())
        back = self.come_back(secret, SOMEWHERE)
        assert isinstance(back, Back)
        return secret, provided.go_on(self.engine, back, named, SOMEWHERE, self.now_ms)

    def come_back(self, secret: str, place: Place) -> Back | Denied:
        """Bring back a secret with the state that belongs to it."""
        given = (secret, trip_of(secret).state)
        return provided.come_back(self.engine, given, None, place, self.now_ms)

    def add_code(self, secret: str, seed: str) -> Outcome:
        given = (secret, self.own_code(seed))
        return provided.add_code(self.engine, given, None, SOMEWHERE, self.now_ms)[0]

    def type_passphrase(self, login: str, seed: str) -> Let | Denied | Waits:
        given = (login, PASSPHRASE, self.own_code(seed))
        return sign_in_staff(self.engine, Proofs(), given, SOMEWHERE, self.now_ms)

    def own_code(self, seed: str) -> str:
        return pyotp.TOTP(seed).at(self.later() // 1_000)
