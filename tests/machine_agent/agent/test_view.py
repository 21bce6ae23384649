"""Every word that a screen must be able to say stands in one list."""

from typing import get_args

from contract.messages import EventWhat
from machine_agent.agent.touches import SYMPTOM_CODES
from machine_agent.agent.view import CODES
from machine_agent.agent.watch import Trouble

CLINICAL = {"limb", "numb_weak", "bladder_saddle", "dizzy_chest", "fall_fever"}  # clinical rules, "Red flags"


def test_every_code_is_listed_once() -> None:
    assert len(set(CODES)) == len(CODES)


def test_what_staff_hear_of_and_what_sensors_say_can_be_said() -> None:
    assert set(get_args(EventWhat)) <= set(CODES)
    assert set(get_args(Trouble)) <= set(CODES)


def test_every_red_flag_has_a_word_of_its_own() -> None:
    assert set(SYMPTOM_CODES) == CLINICAL
    assert set(SYMPTOM_CODES.values()) <= set(CODES)
    assert len(set(SYMPTOM_CODES.values())) == len(CLINICAL)
