from collections.abc import Callable

import pytest

from ml.evaluation.one_rm_table import OneRmTable, Set, read
from ml.evaluation.reading import Unreadable

Lines = Callable[..., list[str]]
ROWS = ["a,100,80,8", "b,60,48,7", "c,90,63,14"]


@pytest.mark.parametrize(
    "header",
    [
        "person,one_rm_kg,weight_kg,reps",
        "Athlete,1RM (kg),Load,Reps",
        "subject,True 1RM,Weight [kg],RTF",
        "Participant ID,1RM,load_kg,reps to failure",
    ],
)
def test_usual_spellings_are_understood(header: str) -> None:
    found = read([header, *ROWS])
    assert isinstance(found, OneRmTable)
    assert found.sets[0] == Set("a", "", 100.0, 80.0, 8.0)
    assert found.left_out == {}


def test_semicolons_and_exercises_are_read() -> None:
    lines = [
        "person;exercise;one_rm_kg;weight_kg;reps",
        "a;squat;100;80;8",
        "b;squat;60;48;7",
        "c;bench;90;63;14",
    ]
    found = read(lines)
    assert isinstance(found, OneRmTable)
    assert [one.exercise for one in found.sets] == ["squat", "squat", "bench"]


def test_what_is_no_submaximal_set_is_left_out_and_counted() -> None:
    odd = ["a,100,100,1", "a,,80,8", "a,100,80,NA", ",100,80,8", "a,100,20,100"]
    found = read(["person,one_rm_kg,weight_kg,reps", *ROWS, *odd])
    assert isinstance(found, OneRmTable)
    assert len(found.sets) == 3
    assert found.left_out == {
        "not below the 1RM": 1,
        "no 1RM, weight or reps": 2,
        "no person": 1,
        "more than 60 reps": 1,
    }


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "the file is empty"),
        (["person,weight_kg,reps", "a,80,8"], "no column one_rm_kg; there are person, weight_kg, reps"),
        (["person,one_rm_kg,weight_kg,reps", *ROWS[:2]], "fewer than 3 people with sets that can be used"),
    ],
)
def test_a_table_that_cannot_be_judged_says_why(lines: list[str], reason: str) -> None:
    assert read(lines) == Unreadable(reason)
