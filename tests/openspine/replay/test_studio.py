from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import database_copies
import pytest
from builders import NONCE, a_message

from contract import codec, topics
from contract.messages import Message, Plan, SignIn
from emulator.replay.rewriting import rewriting, spoken
from emulator.replay.tape import Row, Tape
from machine_agent import pins
from ml.adjust import adjust_many
from ml.effort.model import RuleEffort
from openspine.guests import Guest
from openspine.replay.studio import PIN, machines, people, read_people, settle
from openspine.service import ServiceProcess
from services.coaching import Delivery, Desk, handle
from services.keys.demo import open_keys
from services.store.engine import open_engine, writing
from services.store.people import known_persons
from services.store.people import machines as enrolled

BY_BADGE = SignIn(nonce=NONCE, machine_kind="lumbar_extension", firmware="1", badge="b-1")
BY_CODE = SignIn(nonce=NONCE, machine_kind="trunk_rotation", firmware="1", code="K01", pin_proof="0" * 64)


def row(message: Message) -> Row:
    channel = topics.CHANNEL_OF_KIND[message.head.kind]
    payload = codec.encode(message)
    machine = message.head.machine
    return Row(at_ms=0, origin="sim", machine=machine, channel=channel, payload=payload, message=message)


TAPE = Tape(
    rows=(
        row(a_message(BY_BADGE)),
        row(a_message(seq=2)),
        row(a_message(BY_CODE, machine="rotation-1")),
        row(a_message(replace(BY_BADGE, machine_kind="trunk_rotation"), machine="rotation-1", seq=2)),
    )
)


def test_machines_and_people_are_those_of_the_sign_ins() -> None:
    assert machines(TAPE) == {"lumbar-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
    found = people(TAPE)
    assert [(one.code, one.pin, one.stations) for one in found] == [
        (None, None, ("lumbar_extension", "trunk_rotation")),
        ("K01", PIN, ("trunk_rotation",)),
    ]
    assert found[0].badge == "b-1"


def test_who_is_known_is_taken_as_known() -> None:
    known = Guest(badge="b-1", code="K01", name="Mrs Chan", stations=("row",), age_years=70)
    assert people(TAPE, [known]) == [known]


def test_an_empty_store_knows_them_afterwards(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    database_copies.migrate(url)
    place = ServiceProcess(
        database_url=url, keys=tmp_path / "keys", mqtt_port=1, log=tmp_path / "log", port=1
    )
    home = settle(place, TAPE)
    assert home.pins == {"K01": pins.stretched(PIN, "K01")}
    engine = open_engine(url)
    with engine.connect() as connection:
        assert set(known_persons(connection, [("badge", "b-1"), ("pin", "K01")])) == {
            ("badge", "b-1"), ("pin", "K01"),
        }  # fmt: skip
        assert len(enrolled(connection, [("sim", "lumbar-1"), ("sim", "rotation-1")])) == 2
    engine.dispose()


def test_who_signed_in_by_pin_signs_in_again_although_no_recording_keeps_the_proof(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    database_copies.migrate(url)
    place = ServiceProcess(
        database_url=url, keys=tmp_path / "keys", mqtt_port=1, log=tmp_path / "log", port=1
    )
    home = settle(place, TAPE)
    keys, effort = open_keys(place.keys), RuleEffort()
    desk = Desk(
        command=keys.command,
        site_key=keys.site,
        adjust=partial(adjust_many, effort=effort),
        policy="steady",
        model=effort.name,
        software="test",
        site="studio",
    )
    engine = open_engine(url)

    def planned(stretched: Mapping[str, bytes], number: int) -> int:
        one = spoken(TAPE.rows[2], rewriting(TAPE.rows, stretched))
        with writing(engine) as connection:
            heard = Delivery(topic=one.topic, payload=one.payload, received_ms=number)
            (plan,) = handle([heard], connection, desk).outgoing
            connection.rollback()
        said = codec.decode_down(plan.topic, plan.payload)
        assert isinstance(said, Plan)
        return len(said.settings)

    assert planned({}, 1) == 0
    assert planned(home.pins, 2) > 0
    engine.dispose()


@pytest.mark.parametrize(
    "text",
    ["", "[[person]]\nbadge = 3\n", "[[person]]\nbadge = 'b'\nname = 'N'\nstations = []\nage = 3\n", "x"],
)
def test_a_list_of_people_that_is_none_says_why(text: str, tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"\w+"):
        read_people(path)


def test_a_list_of_people_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text("[[person]]\nbadge = 'b'\nname = 'N'\nstations = ['row']\nage_years = 61\n")
    assert read_people(path) == [Guest(badge="b", name="N", stations=("row",), age_years=61)]
