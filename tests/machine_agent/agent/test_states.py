from hypothesis import given
from hypothesis import strategies as st

from machine_agent.agent.states import TRANSITIONS, Happening, State, after

ALL = [(state, happening) for state in State for happening in Happening]


def test_an_undefined_pair_means_nothing() -> None:
    for pair in ALL:
        assert after(*pair) is TRANSITIONS.get(pair)
    assert after(State.IDLE, Happening.STARTED) is None


def test_power_cut_and_faults_reach_every_state_that_is_not_worse() -> None:
    for state in State:
        if state is not State.ESTOP:
            assert after(state, Happening.POWER_CUT) is State.ESTOP
        wanted = None if state in (State.ESTOP, State.FAULT) else State.FAULT
        assert after(state, Happening.FAULTED) is wanted


def test_stopped_fault_and_estop_are_left_only_at_the_machine() -> None:
    ways = {state: [h for h in Happening if after(state, h)] for state in State}
    assert ways[State.ESTOP] == [Happening.RESET]
    assert set(ways[State.FAULT]) == {Happening.RESET, Happening.POWER_CUT}
    assert set(ways[State.STOPPED]) == {Happening.STAFF_CLEARED, Happening.FAULTED, Happening.POWER_CUT}


@given(st.lists(st.sampled_from(list(Happening)), max_size=40))
def test_lifting_is_only_reached_through_a_plan_and_a_start(happenings: list[Happening]) -> None:
    state, seen = State.BOOT, [State.BOOT]
    for happening in happenings:
        state = after(state, happening) or state
        seen.append(state)
        if state is State.WORKING and seen[-2] is not State.WORKING:
            assert happening is Happening.STARTED
            since_idle = seen[len(seen) - 1 - seen[::-1].index(State.IDLE) :]
            assert State.READY in since_idle


# The column of the design's table, and its two sentences about any state.
# What decision 0005 has added: boot and identified -> stopped.
LEAVES_TO = {
    "boot": "idle stopped fault estop",
    "idle": "identified fault estop",
    "identified": "ready idle stopped fault estop",
    "ready": "working idle stopped fault estop",
    "working": "rest paused stopped fault estop",
    "rest": "working paused idle stopped fault estop",
    "paused": "rest idle stopped fault estop",
    "stopped": "idle fault estop",
    "fault": "boot estop",
    "estop": "boot",
}


def test_the_table_is_the_one_of_the_design() -> None:
    found = {state.value: {after(state, h) for h in Happening} - {None, state} for state in State}
    wanted = {name: {State(one) for one in ways.split()} for name, ways in LEAVES_TO.items()}
    assert found == wanted
