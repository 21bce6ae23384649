from types import SimpleNamespace
from typing import Any, get_args

import pytest

from contract.messages.vocabulary import EventWhat
from ml.clinical.table import TABLE
from services.insights import reasons


def alert(code: str, severity: str = "red", detail: str = "", why: list[Any] | None = None) -> Any:
    return SimpleNamespace(code=code, severity=severity, detail=detail, why=why)


def decided(code: str, **values: int) -> Any:
    return alert(
        "red", detail=code, why=[{"code": "raise_load", "values": {}}, {"code": code, "values": values}]
    )


def test_reason_of_a_decision_is_said_in_both_languages() -> None:
    said = reasons.of_why([{"code": "raise_load", "values": {"from_g": 12_000, "to_g": 12_500}}])[0]
    assert "12.5 kg" in said.text_en
    assert "12.5 公斤" in said.text_zh
    assert said.values == {"from_g": 12_000, "to_g": 12_500}


def test_alert_of_a_decision_says_its_cause_with_values() -> None:
    said = reasons.of_alerts([decided("lower_red_pain", nrs=7)])[0]
    assert said.text_en.startswith("Needs a therapist now. ")
    assert "7 of 10" in said.text_en
    assert said.text_zh.count("。") == 2
    assert " " not in said.text_zh
    assert said.values == {"nrs": 7}


def test_alert_that_names_a_row_of_the_table_says_it_as_the_decision_does() -> None:
    why = [{"code": "raise_load", "values": {}}, {"code": "hold_plateau", "values": {}}]
    (said,) = reasons.of_alerts([alert("plateau", "amber", "plateau", why)])
    assert said.text_en.startswith("No progress over six visits. ")
    assert "an easier visit" in said.text_en


def test_alert_whose_decision_is_not_known_says_no_cause() -> None:
    assert reasons.of_alerts([alert("red", detail="lower_red_pain")])[0].text_en == "Needs a therapist now."


def test_free_text_of_a_machine_is_not_repeated() -> None:
    said = reasons.of_alerts([alert("fault", detail="<script>Chan</script>")])[0]
    assert "Chan" not in said.text_en + said.text_zh


def test_each_code_is_said_once_as_it_was_raised_last() -> None:
    newest_first = [decided("hold_spasm"), decided("hold_unwell"), alert("pain")]
    said = reasons.of_alerts(newest_first)
    assert [one.code for one in said] == ["red", "pain"]
    assert "spasm" in said[0].text_en


@pytest.mark.parametrize(
    ("severities", "light"),
    [([], "fine"), (["info"], "fine"), (["amber", "info"], "amber"), (["amber", "red"], "red")],
)
def test_worst_alert_is_the_light(severities: list[str], light: str) -> None:
    assert reasons.worst([alert("x", severity) for severity in severities]) == light


LIMITS = ("limits_missing", "limits_other_card", "limits_expired", "limits_renew")


def staff_codes() -> list[str]:
    told = {code: row.alert for code, row in TABLE.items() if row.alert}
    decided = {code if alert in ("red", "amber") else alert for code, alert in told.items()}
    return sorted({*get_args(EventWhat), *decided, "no_safe_dose", *LIMITS})


@pytest.mark.parametrize("code", staff_codes())
def test_every_alert_has_words_in_both_languages(code: str) -> None:
    said = reasons.of_code(code)
    assert said.text_en != code.replace("_", " ").capitalize() + "."
    assert not said.text_zh.isascii()


def test_unknown_code_is_spelled_out_and_a_missing_value_shows_as_a_question_mark() -> None:
    assert reasons.of_code("new_thing").text_en == "New thing."
    assert reasons.of_code("days_away").text_en == "No visit for ? days."


def test_parts_of_a_change_have_names() -> None:
    assert reasons.of_split("limit_session_cap", {}).text_en == "limit of one session"
    assert reasons.of_split("SESSION_CAP", {}).text_en == "limit of one session"
    assert reasons.of_split("amber_pain", {"nrs": 4}).text_en == "pain 4"
    assert reasons.of_split("speed_set_2", {}).text_zh.endswith("速度及節奏")


def test_weights_of_a_reason_are_in_the_unit_of_the_reader() -> None:
    said = reasons.of_why([{"code": "raise_load", "values": {"from_g": 12_000, "to_g": 12_500}}], "lb")[0]
    assert "26.5 lb to 27.6 lb" in said.text_en
    assert "26.5 磅加至 27.6 磅" in said.text_zh
