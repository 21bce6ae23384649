import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract import signing
from contract.codec import Undecodable
from contract.messages import Ack, Hold, Setting
from machine_agent import keys

ID = "00000000-0000-4000-8000-00000000000a"


@pytest.fixture
def service(make_service: Callable[..., Any]) -> Any:
    return make_service(port=1)


def test_keys_are_read_from_their_file(
    service: Any, tmp_path: Path, make_setting: Callable[..., Setting]
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(service.public))
    assert keys.load(path).verified(signing.sign(make_setting(), service.command))


@pytest.mark.parametrize("row", [{"use": "both", "public": "00" * 32}, {"use": "command", "public": "00"}])
def test_a_key_of_another_use_or_length_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"command or envelope|32 bytes"):
        keys.from_table({"a": row})


def test_a_setting_must_be_signed_by_a_command_key(
    service: Any, make_setting: Callable[..., Setting]
) -> None:
    known = keys.from_table(service.public)
    good = signing.sign(make_setting(), service.command)
    assert known.verified(good)
    assert not known.verified(replace(good, sig=""))
    assert not known.verified(replace(good, reps=good.reps + 1))
    assert not known.verified(signing.sign(replace(good, key_id="demo-envelope"), service.envelope))
    assert not keys.Keys({}).verified(good)


@pytest.mark.parametrize(
    ("is_empty", "spoil", "expected"),
    [
        (False, "", True),
        (False, "envelope", False),
        (True, "envelope", True),  # the limits of nobody bear no signature
        (True, "plan", False),
        (False, "plan", False),
    ],
)
def test_a_plan_needs_signed_limits_only_when_it_has_sets(
    service: Any, make_room: Callable[..., Any], is_empty: bool, spoil: str, expected: bool
) -> None:
    plan = make_room().sign_in()
    envelope = signing.sign(plan.envelope, service.envelope)
    plan = replace(
        plan,
        settings=() if is_empty else plan.settings,
        envelope=replace(envelope, key_id="none", sig="") if spoil == "envelope" else envelope,
    )
    signed = signing.sign(plan, service.command)
    known = keys.from_table(service.public)
    assert known.verified(replace(signed, greeting="x") if spoil == "plan" else signed) is expected


def test_holds_and_acks_need_no_signature_and_rubbish_has_none() -> None:
    known = keys.Keys({})
    assert known.verified(Hold(id=ID, action="stop", reason="", by="t", seq=1))
    assert known.verified(Ack(stream=ID, upto=1))
    assert not known.verified(Undecodable(reason="JSON", detail=""))


@pytest.mark.parametrize(
    ("gone", "trusted"), [(None, True), ("command", False), ("envelope", False), ("swapped", False)]
)
def test_a_kept_plan_is_trusted_while_both_its_keys_are_listed(
    service: Any, make_room: Callable[..., Any], gone: str | None, trusted: bool
) -> None:
    plan = make_room().sign_in()
    table = {
        key_id: row
        if gone != "swapped"
        else {**row, "use": "envelope" if row["use"] == "command" else "command"}
        for key_id, row in service.public.items()
        if row["use"] != gone
    }
    assert keys.from_table(table).trusts(plan) is trusted
