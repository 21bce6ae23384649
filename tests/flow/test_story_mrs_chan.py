"""Mrs Chan, 72, 52 kg, B 5, 150/85: a first weight, range and reps, then a little more; and dizzy.

Visits go through the service as a scripted machine sends them; the dizzy spell is the true agent with an
emulated drive and person, whose network is cut.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import codec, topics
from contract.machines import G, catalogue
from contract.messages import Down, Envelope, Event, Message, Rep, Setting
from emulator.people.members import Description, member
from emulator.rep_level.history import Exchange
from emulator.studio.trial import Trial
from machine_agent.agent.states import State
from machine_agent.inputs import Press
from ml.belief.priors import low_torque_nm, torque_nm
from ml.request import Person
from services.coaching import Delivery
from services.prescribing.sign import newest, prescribe
from services.store import engine as store
from services.store import tables

KIND = catalogue()["lumbar_extension"]
CHAN = Person(age_years=72, sex="female", mass_kg=52.0, baseline_nrs=5, systolic_mmhg=150, diastolic_mmhg=85)
VISITS = 12
WORK_SET = 3  # after three free reps and the ramp
TRIAL_KEY = b"trial"  # the site key of a machine without a network
PAINLESS_CDEG = (2_000, 5_000)


def enrol_chan(studio: Studio) -> None:
    """Enrol Mrs Chan, and sign restore with green up to her usual pain."""
    number = studio.enrol(
        "badge-chan", "lumbar_extension", name="Mrs Chan", birth_year=1954, sex="female", mass_kg=52.0,
        height_m=1.55, baseline_nrs=5, flags={"blood_pressure": [150, 85]},
    )  # fmt: skip
    with store.writing(studio.engine) as connection:
        held = newest(connection, number, "lumbar_extension")
        assert held is not None
        limits = replace(
            msgspec.convert(held.envelope, Envelope),
            phase="restore",
            phase_cap_g=7_000,
            max_torque_nm=0,
            pain_green_nrs=5,
            pain_amber_nrs=6,
            valid_until_ms=NOW_MS + 42 * 86_400_000,
        )
        prescribe(connection, number, limits, by="Dr Demo", reason="first visit", key=studio.keys.envelope)


def visit(studio: Studio, machine: ScriptedMachine) -> list[Setting]:
    """Train one visit well: every set in full, pain as usual, many reps left; returns the sets as done."""
    plan = studio.plan(machine, studio.hear(machine.sign_in("badge-chan")))
    before = [
        machine.answer("pain_before", 5),
        machine.answer("spasm", 0),
        machine.answer("new_symptoms", "none"),
    ]
    if "pain_next_morning" in plan.questions:
        before.append(machine.answer("pain_next_morning", 5))
    newest_rows = {row.set: row for row in plan.settings}
    heard = studio.settings(machine, studio.hear(machine.weigh(), *before))
    done: list[Setting] = []
    for number in sorted(newest_rows):
        newest_rows |= {row.set: row for row in heard}
        row = newest_rows[number]
        if row.mode == "mobility":
            row = replace(row, start_cdeg=PAINLESS_CDEG[0], end_cdeg=PAINLESS_CDEG[1])
        heard = studio.settings(machine, studio.hear(*machine.train(row)))
        if row.mode == "train":  # a row that is numbered and never sent would be waited for
            said = [machine.answer("rir", "many", number), machine.answer("pain_set", 5, number)]
            heard += studio.settings(machine, studio.hear(*said))
        done.append(row)
    studio.hear(machine.sign_out())
    machine.rest(3.5)
    return done


def test_the_prior_of_mrs_chan() -> None:
    assert torque_nm(CHAN, KIND) == pytest.approx(98.0, abs=1.0)
    assert low_torque_nm(CHAN, KIND) == pytest.approx(64.0, abs=0.5)


def test_first_light_then_further_then_longer_then_heavier_and_never_held_for_ever(
    studio: Studio,
) -> None:
    enrol_chan(studio)
    machine = ScriptedMachine()
    visits = [visit(studio, machine) for _ in range(VISITS)]
    work = [[row for row in done if row.mode == "train"][-1] for done in visits]

    assert [row.mode for row in visits[0]] == ["mobility", "warm_up", "train"]
    first = work[0]
    assert KIND.torque_nm(first.load_g / G) == pytest.approx(9.5, abs=0.2)
    assert (first.start_cdeg, first.end_cdeg) == (2_300, 4_700)

    for row in work[1:4]:
        assert row.load_g == first.load_g
    spans = [row.end_cdeg - row.start_cdeg for row in work]
    assert spans[3] > spans[0] or work[3].reps > work[0].reps

    loads = [row.load_g for row in work]
    assert loads == sorted(loads)
    raised = next(load for load in loads if load > first.load_g)
    assert KIND.torque_nm(raised / G) == pytest.approx(10.0, abs=0.3)
    for earlier, later in pairwise(work):
        rises = (
            later.load_g > earlier.load_g,
            later.end_cdeg - later.start_cdeg > earlier.end_cdeg - earlier.start_cdeg,
            later.reps > earlier.reps,
        )
        assert sum(rises) <= 1
    alerts = {row["severity"] for row in studio.rows(tables.alert)}
    assert "red" not in alerts


class CutTrial(Trial):
    """A trial whose network can be cut: nothing is heard any more, and nothing arrives."""

    is_cut = False

    def _hear(self, down: Down) -> None:
        if not self.is_cut:
            super()._hear(down)


def exchange_with(studio: Studio) -> Exchange:
    """Let the service answer the rows of one emulated machine, without a broker."""

    def exchange(messages: Sequence[Message]) -> Sequence[Down]:
        sent = []
        for message in messages:
            head = message.head
            topic = topics.name_for_kind("sim", head.machine, head.kind)
            sent.append(Delivery(topic=topic, payload=codec.encode(message), received_ms=head.wall_ms))
        told = [codec.decode_down(one.topic, one.payload) for one in studio.hear(*sent).outgoing]
        return [one for one in told if not isinstance(one, codec.Undecodable)]

    return exchange


def test_dizzy_at_rep_6_without_a_network_is_nothing_within_a_second(studio: Studio) -> None:
    studio.keys = replace(studio.keys, site=TRIAL_KEY)
    studio.desk = replace(studio.desk, site_key=TRIAL_KEY)
    enrol_chan(studio)
    described = Description(
        badge="badge-chan", seed=3, sex="female", age_years=72, mass_kg=52.0, pain_nrs=5,
        stations=("lumbar_extension",),
    )  # fmt: skip
    trial = CutTrial(KIND, exchange_with(studio))
    trial.operator.begin(member(described), trial.now)
    while _reps_of_work(trial.rows) < 6:
        _go_on(trial)
    load_g = trial.driver.machine.drive_load_g
    assert load_g == pytest.approx(2_400, abs=100)

    trial.touch(Press(button="unwell"))
    pressed_ms = trial.body_ms
    while trial.driver.machine.drive_load_g > 0:
        trial.step()
        assert trial.body_ms - pressed_ms <= 1_000
    while trial.view.state is not State.STOPPED:
        trial.step()
        assert trial.body_ms - pressed_ms <= 2_000
    assert [row.body.what for row in trial.rows if isinstance(row.body, Event)] == ["unwell"]


def _go_on(trial: CutTrial) -> None:
    """Let 20 ms pass; the network is gone with the first rep of the work set."""
    trial.step()
    trial.is_cut = trial.is_cut or _reps_of_work(trial.rows) > 0
    if trial.body_ms % 100 == 0:
        trial.look()
    assert trial.body_ms < 20 * 60_000, (trial.view.state, trial.view.awaits)


def _reps_of_work(rows: Sequence[Message]) -> int:
    return sum(isinstance(row.body, Rep) and row.body.set == WORK_SET for row in rows)
