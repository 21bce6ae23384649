import json

import pytest
from builders import MACHINE, a_plan, a_rep
from recorded_scene import Scene

from contract import recording, topics
from contract.messages import Hold, SignIn
from contract.recording import Record
from emulator.recordings.pseudonyms import Pseudonyms


def _sign_in(scene: Scene, **who: str) -> Record:
    return scene.say(SignIn(nonce="0" * 32, machine_kind="row", firmware="1", **who))


def test_the_same_person_keeps_one_name_and_others_get_their_own() -> None:
    scene, pseudonyms = Scene(), Pseudonyms()
    badges = [
        json.loads(shown.payload)["badge"]
        for badge in ("anna", "ben", "anna")
        if (shown := pseudonyms.hidden(_sign_in(scene, badge=badge))) is not None
    ]
    assert badges == ["person-1", "person-2", "person-1"]


def test_codes_greetings_and_staff_are_hidden_and_the_messages_stay_valid() -> None:
    scene, pseudonyms = Scene(), Pseudonyms()
    hold = Hold(id="44444444-4444-4444-8444-444444444444", action="stop", reason="fell", by="Dr Wong", seq=3)
    for record, name in (
        (_sign_in(scene, code="4711", pin_proof="ab" * 32), "4711"),
        (scene.hear(a_plan()), "Mrs Chan"),
        (scene.hear(hold), "Dr Wong"),
    ):
        assert name.encode() in record.payload
        shown = pseudonyms.hidden(record)
        assert shown is not None
        assert name.encode() not in shown.payload
        assert recording.is_readable(shown.topic, shown.payload)
        assert (shown.log_ms, shown.sequence) == (record.log_ms, record.sequence)


def test_what_names_nobody_stays_as_it_is() -> None:
    scene = Scene()
    for record in (scene.say(a_rep()), scene.sample(1)):
        assert Pseudonyms().hidden(record) is record


@pytest.mark.parametrize(
    "topic", [*(topics.name("sim", MACHINE, channel) for channel in topics.TOPICS), "elsewhere"]
)
def test_what_cannot_be_read_is_left_out(topic: str) -> None:
    assert Pseudonyms().hidden(recording.from_wire(topic, b'{"badge":"anna"', 5)) is None
