"""The alert of a refused model: one of the studio, open until the model is in use again."""

from typing import Any

from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract.messages import Origin
from services.coaching import model_alert
from services.store import tables
from services.store.engine import writing


def tell(studio: Studio, refused: str, origin: Origin = "sim", now_ms: int = NOW_MS) -> None:
    with writing(studio.engine) as connection:
        model_alert.tell(connection, refused, origin, now_ms)


def test_one_alert_of_the_studio_with_the_newest_reason(any_studio: Studio) -> None:
    tell(any_studio, "the card is not signed")
    tell(any_studio, "the golden predictions differ", now_ms=NOW_MS + 5)
    rows = any_studio.rows(tables.alert)
    told = [(row["code"], row["severity"], row["state"]) for row in rows]
    assert told == [("model_refused", "amber", "open")]
    assert rows[0]["detail"] == "the golden predictions differ"
    assert (rows[0]["machine"], rows[0]["patient_id"]) == (None, None)


def test_it_is_resolved_by_the_model_only_and_can_be_raised_again(any_studio: Studio) -> None:
    tell(any_studio, "the card is not signed")
    machine = ScriptedMachine()
    machine.rest(2)
    any_studio.hear(machine.sign_in())
    tell(any_studio, "", origin="real")
    assert the_alert(any_studio)["state"] == "open"
    tell(any_studio, "", now_ms=NOW_MS + 9)
    found = the_alert(any_studio)
    assert (found["state"], found["resolved_why"], found["resolved_ms"]) == (
        "resolved",
        "MODEL_IN_USE",
        NOW_MS + 9,
    )
    tell(any_studio, "again")
    assert the_alert(any_studio)["state"] == "open"


def the_alert(studio: Studio) -> dict[str, Any]:
    (found,) = (row for row in studio.rows(tables.alert) if row["code"] == model_alert.CODE)
    return found
