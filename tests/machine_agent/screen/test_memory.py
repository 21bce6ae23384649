"""What is remembered belongs to one person and one set, and is forgotten with them."""

from dataclasses import replace

from screen_states import EMPTY, PLANNED, SESSION, WORKING

from contract.messages import Rep, SetEnd, SignOut, TestResult
from machine_agent.screen.memory import LastSet, Memory, Try

SETTING = WORKING.row.setting if WORKING.row else ""
SHORT = Rep(
    set=2,
    rep=1,
    side="both",
    setting=SETTING,
    load_g=12_500,
    start_deg=18.0,
    end_deg=40.0,
    concentric_s=2.0,
    hold_s=1.0,
    eccentric_s=3.0,
    peak_torque_nm=60.0,
    mean_torque_nm=40.0,
    work_j=25.0,
    peak_speed_deg_s=25.0,
    mean_speed_deg_s=18.0,
    smoothness=-1.6,
)
END = SetEnd(set=2, side="both", setting=SETTING, reps=10, partial_reps=1, ended_by="target", duration_s=61.0)
TEST = TestResult(
    mode="isometric",
    side="both",
    angle_cdeg=3_600,
    peak_torque_nm=92.0,
    mean_3s_nm=87.26,
    range_deg=12.34,
    attempt=1,
)
ANOTHER = SESSION.replace("1", "2")


def of_set() -> Memory:
    memory = Memory()
    memory.see(WORKING)
    memory.keep(SHORT, WORKING)
    return memory


def test_a_short_rep_is_corrected_until_the_next_rep_is_good() -> None:
    memory = of_set()
    assert memory.correction == "further"
    memory.see(WORKING)
    assert memory.correction == "further"
    memory.keep(replace(SHORT, end_deg=54.0), WORKING)
    assert memory.correction is None


def test_a_rep_of_another_set_corrects_nothing() -> None:
    memory = Memory()
    memory.see(WORKING)
    memory.keep(replace(SHORT, set=1), WORKING)
    assert memory.correction is None


def test_a_correction_ends_with_its_set() -> None:
    memory = of_set()
    memory.see(replace(WORKING, set=3))
    assert memory.correction is None


def test_a_correction_ends_when_a_load_comes_anew() -> None:
    memory = of_set()
    memory.see(replace(WORKING, awaits="loading"))
    assert memory.correction is None


def test_the_last_set_is_remembered_through_the_rest() -> None:
    memory = of_set()
    memory.keep(END, WORKING)
    memory.see(replace(PLANNED, set=3))
    assert memory.last_set == LastSet(set=2, reps=10, partial_reps=1, ended_by="target")


def test_tries_of_a_test_are_remembered_in_what_they_measure() -> None:
    memory = of_set()
    memory.keep(TEST, WORKING)
    memory.keep(replace(TEST, mode="mobility", attempt=2), WORKING)
    assert memory.tries == [Try(attempt=1, reached=87.3), Try(attempt=2, reached=12.3)]
    memory.see(replace(WORKING, set=3))
    assert memory.tries == []


def test_the_next_person_sees_nothing_of_the_last_one() -> None:
    for after in (EMPTY, replace(WORKING, session=ANOTHER)):
        memory = of_set()
        memory.keep(END, WORKING)
        memory.keep(TEST, WORKING)
        memory.see(after)
        assert (memory.correction, memory.last_set, memory.tries) == (None, None, [])


def test_rows_of_who_has_left_are_not_kept_for_the_idle_screen() -> None:
    memory = of_set()
    memory.see(EMPTY)
    for late in (SHORT, END, TEST):
        memory.keep(late, EMPTY)
    memory.see(replace(EMPTY, codes=("session_over",)))
    assert (memory.correction, memory.last_set, memory.tries) == (None, None, [])


def test_other_rows_and_rows_before_any_view_change_nothing() -> None:
    memory = of_set()
    memory.keep(SignOut(), WORKING)
    memory.keep(END, None)
    assert (memory.correction, memory.last_set) == ("further", None)
