from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.messages import Applied, Receipt, Setting
from services.coaching import Delivery
from services.store import tables

NOTHING = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


def _say(machine: ScriptedMachine, setting: Setting, result: str, reason: str) -> Delivery:
    return machine.say(
        Receipt(result=result, setting=setting.id, applied=NOTHING, reason=reason)  # type: ignore[arg-type]
    )


def _state(studio: Studio, setting: Setting) -> tuple[str, str | None, int | None]:
    row = next(row for row in studio.rows(tables.setting) if row["id"] == setting.id)
    return row["state"], row["reason"], row["applied_load_g"]


def _sent(studio: Studio, machine: ScriptedMachine) -> Setting:
    """Sign in, and let an answer bring a setting."""
    studio.hear(machine.sign_in())
    (setting,) = studio.settings(machine, studio.hear(machine.answer("pain_before", 1)))
    assert _state(studio, setting) == ("pending", None, None)
    return setting


def test_a_receipt_moves_the_state(studio: Studio, machine: ScriptedMachine) -> None:
    setting = _sent(studio, machine)
    studio.hear(machine.apply(setting))

    assert _state(studio, setting) == ("applied", None, setting.load_g)


def test_what_was_applied_stays_applied(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    setting = _sent(studio, machine)
    studio.hear(machine.apply(setting))
    studio.hear(_say(machine, setting, "refused", "SEQ"))
    studio.hear(_say(machine, setting, "expired", "HELD"), machine.sign_out())

    assert _state(studio, setting) == ("applied", None, setting.load_g)


def test_late_rows_are_told_apart_within_one_batch(studio: Studio, machine: ScriptedMachine) -> None:
    setting = _sent(studio, machine)
    studio.hear(_say(machine, setting, "refused", "SEQ"), machine.apply(setting))

    assert _state(studio, setting) == ("applied", None, setting.load_g)


def test_what_was_refused_does_not_expire(studio: Studio, machine: ScriptedMachine) -> None:
    setting = _sent(studio, machine)
    studio.hear(_say(machine, setting, "refused", "STEP"))
    studio.hear(_say(machine, setting, "expired", "HELD"))

    assert _state(studio, setting) == ("refused", "STEP", None)


def test_what_nobody_answered_expires_with_its_session(any_studio: Studio, machine: ScriptedMachine) -> None:
    studio = any_studio
    setting = _sent(studio, machine)
    other = ScriptedMachine("lumbar-2")
    elsewhere = _sent(studio, other)
    late = machine.apply(setting)
    studio.hear(machine.sign_out())
    assert _state(studio, setting) == ("expired", "SESSION_CLOSED", None)
    assert _state(studio, elsewhere) == ("pending", None, None)

    studio.hear(late)
    assert _state(studio, setting) == ("applied", None, setting.load_g)


def test_a_setting_expires_also_when_the_next_person_signs_in(
    studio: Studio, machine: ScriptedMachine
) -> None:
    setting = _sent(studio, machine)
    studio.hear(machine.sign_in())

    assert _state(studio, setting) == ("expired", "SESSION_CLOSED", None)
