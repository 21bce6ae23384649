from typing import get_args

from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.guard import OTHER_REFUSAL, REFUSALS, refusal_words
from machine_agent.guard import Reason

OF_THE_MESSAGE = {
    "RETAINED",
    "SCHEMA",
    "SIGNATURE",
    "MACHINE",
    "SUBJECT",
    "SESSION_NONCE",
    "UNIT",
    "ENVELOPE_VERSION",
}


def test_every_refusal_that_is_not_of_the_message_itself_has_words(show: Formatter) -> None:
    named = {code for code in get_args(Reason) if refusal_words(code, show) != OTHER_REFUSAL}
    assert named == set(get_args(Reason)) - OF_THE_MESSAGE
    assert refusal_words("BASIS", show) == "it came too late"


def test_every_word_is_translated() -> None:
    assert {*REFUSALS.values(), OTHER_REFUSAL} - traditional_chinese().keys() == set()
