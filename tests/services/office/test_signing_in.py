"""What strangers try locks nobody out who is where one is known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import database_copies
import pyotp
import pytest
from sqlalchemy import Engine

from services.access.proof import Proofs, new_seed
from services.access.tries import FORGOTTEN_MS, MOST, WINDOW_MS
from services.office import signing_in
from services.office import staff as office
from services.office.signing_in import Denied, Let, Place
from services.store import staff
from services.store.engine import open_engine, writing

PASSPHRASE = "kettle umbra vowel tangent"  # noqa: S105 (of people in tests)
HOME = Place(name="address/10.0.0.7", is_enrolled=False)
AWAY = Place(name="address/192.0.2.1", is_enrolled=False)
KIOSK = Place(name="screen/one", is_enrolled=True)
STEP_MS = 30_000  # of one-time codes


@dataclass(slots=True)
class Wong:
    """A clinician who signs in, and somebody who only knows the login."""

    engine: Engine
    now_ms: int = 1_800_000_000_000
    proofs: Proofs = field(default_factory=lambda: Proofs(64))
    seed: str = field(default_factory=new_seed)
    id: str = ""

    def __post_init__(self) -> None:
        with writing(self.engine) as connection:
            self.id = staff.add(connection, login="wong", name="Dr Wong", language="en", now_ms=self.now_ms)
            staff.give_role(connection, self.id, "clinician", None)
        self.choose()

    def choose(self) -> None:
        """Choose the passphrase."""
        with writing(self.engine) as connection:
            staff.take_up(connection, self.id, hashed=self.proofs.keep(PASSPHRASE), seed=self.seed)

    def signs_in(self, place: Place) -> bool:
        self.now_ms += STEP_MS
        code = pyotp.TOTP(self.seed).at(self.now_ms // 1_000)
        given = ("wong", PASSPHRASE, code)
        return isinstance(signing_in.sign_in_staff(self.engine, self.proofs, given, place, self.now_ms), Let)

    def is_guessed_at(self, place: Place, times: int = MOST["account"]) -> list[int]:
        """Try wrongly; returns how long one has to wait after each."""
        given = ("wong", "not the passphrase", "000000")
        found = [
            signing_in.sign_in_staff(self.engine, self.proofs, given, place, self.now_ms)
            for _ in range(times)
        ]
        return [one.wait_ms for one in found if isinstance(one, Denied)]


@pytest.fixture
def wong(tmp_path: Path) -> Iterator[Wong]:
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(url)
    engine = open_engine(url)
    yield Wong(engine)
    engine.dispose()


def test_an_account_that_strangers_locked_opens_where_its_owner_is_known(wong: Wong) -> None:
    assert wong.signs_in(HOME)
    wong.is_guessed_at(AWAY)
    assert not wong.signs_in(AWAY)
    assert wong.signs_in(HOME)
    assert wong.signs_in(KIOSK)


def test_an_address_is_known_for_a_day(wong: Wong) -> None:
    assert wong.signs_in(HOME)
    wong.now_ms += FORGOTTEN_MS
    wong.is_guessed_at(AWAY)
    assert not wong.signs_in(HOME)


def test_guessing_where_the_owner_is_known_is_stopped_just_so(wong: Wong) -> None:
    assert wong.signs_in(HOME)
    for place in (HOME, KIOSK):
        assert wong.is_guessed_at(place, 6) == [0] * 5 + [WINDOW_MS]
        assert not wong.signs_in(place)


def test_a_wrong_try_makes_no_address_known(wong: Wong) -> None:
    wong.is_guessed_at(HOME, 1)
    wong.is_guessed_at(AWAY)
    assert not wong.signs_in(HOME)


def test_a_reset_opens_the_account_at_every_place(wong: Wong) -> None:
    assert wong.signs_in(HOME)
    for place in (HOME, AWAY, KIOSK):
        wong.is_guessed_at(place)
    with writing(wong.engine) as connection:
        office.reset(connection, wong.id, "command-line", wong.now_ms, is_vouched=True)
    wong.choose()
    assert all(wong.signs_in(place) for place in (HOME, KIOSK, AWAY))
