import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.machines import CDEG, catalogue
from contract.messages import Rep, SetEnd, SignIn
from emulator.people.members import Member
from emulator.studio.fleet import FleetSettings
from emulator.studio.kiosk import Kiosk, at_only_machine, run
from emulator.studio.trial import Trial
from machine_agent.inputs import Confirm, Identify, PatientInput, Press, Reply, SignOff, Start, Weigh
from machine_agent.screen import listen
from openspine.broker.embedded import Broker

KIND = catalogue()["trunk_rotation"]
LONG_MS = 120_000


class Visitor:
    """Whoever touches the screen of a kiosk, in a closed loop without a network."""

    def __init__(self, service: Any, members: tuple[Member, ...]) -> None:
        self.trial = Trial(KIND, service)
        self.kiosk = Kiosk("kiosk-1", self.trial.driver, members, 1)
        self._seen = 0

    def touch(self, *touches: PatientInput) -> None:
        for touch in touches:
            self.trial.touch(touch)
            self._tell()

    def wait(self, awaits: str) -> None:
        end_ms = self.trial.body_ms + LONG_MS
        while self.trial.view.awaits != awaits and self.trial.body_ms < end_ms:
            self.trial.step()
            self._tell()
        assert self.trial.view.awaits == awaits

    def pass_s(self, seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            self.trial.step()
            self._tell()

    def start_a_set(self, badge: str) -> None:
        self.touch(Identify(badge=badge))
        self.wait("confirm")
        self.touch(Confirm(), Weigh())
        self.wait("answers")
        self.touch(Reply(question="pain_before", value=1), Reply(question="spasm", value="no"))
        self.touch(Start())
        self.wait("set")

    def _tell(self) -> None:
        rows, self._seen = self.trial.rows[self._seen :], len(self.trial.rows)
        for row in rows:
            self.kiosk.on_record(row, self.trial.now)
        self.kiosk.on_view(self.trial.view, self.trial.now)


@pytest.fixture
def visitor(small_service: Callable[..., Any], two_members: tuple[Member, ...]) -> Visitor:
    coded = replace(two_members[1], code="P02")
    made = Visitor(small_service(load_g=3_000), (two_members[0], coded))
    made.pass_s(0.1)
    made.wait("identify")
    return made


def test_a_stranger_brings_no_body(visitor: Visitor) -> None:
    visitor.touch(Identify(badge="nobody"))
    visitor.wait("confirm")
    assert visitor.trial.driver.lifter is None
    assert not visitor.trial.driver.is_occupied


@pytest.mark.parametrize("changes", [{}, {"badge": None, "code": "P02", "pin_proof": "00"}])
def test_badge_and_code_bring_the_same_body(visitor: Visitor, changes: dict[str, Any]) -> None:
    visitor.touch(Identify(badge="badge-1"))
    row = visitor.trial.rows[-1]
    assert isinstance(row.body, SignIn)
    visitor.kiosk.on_record(replace(row, body=replace(row.body, **changes)), visitor.trial.now)
    visitor.wait("confirm")
    visitor.pass_s(0.1)
    assert visitor.trial.driver.lifter is not None
    assert visitor.trial.driver.lifter.seated.person.number == 101


def test_the_body_waits_at_the_start_and_lifts_when_the_screen_says_so(visitor: Visitor) -> None:
    visitor.touch(Identify(badge="badge-0"))
    visitor.wait("confirm")
    row = visitor.trial.view.row
    assert row is not None
    visitor.touch(Confirm(), Weigh())
    visitor.wait("answers")
    assert abs(visitor.trial.driver.machine.deg - row.start_cdeg / CDEG) > 20, "the weigh-in ends far out"
    visitor.pass_s(8)
    assert abs(visitor.trial.driver.machine.deg - row.start_cdeg / CDEG) < 2
    assert visitor.kiosk.inputs.empty(), "nobody but the visitor touches"
    visitor.touch(Reply(question="pain_before", value=1), Reply(question="spasm", value="no"), Start())
    visitor.wait("set")
    visitor.wait("answers")
    assert sum(isinstance(one.body, Rep) for one in visitor.trial.rows) == row.reps
    assert len(visitor.kiosk.report().reps) == row.reps


def test_a_button_stops_the_body_too(visitor: Visitor) -> None:
    visitor.start_a_set("badge-0")
    visitor.pass_s(12)
    assert visitor.trial.driver.machine.drive_load_g > 0
    visitor.touch(Press(button="pain"))
    visitor.pass_s(1)
    assert visitor.trial.driver.machine.drive_load_g == 0
    lifter = visitor.trial.driver.lifter
    assert lifter is not None
    assert lifter.is_still
    ended = [row.body for row in visitor.trial.rows if isinstance(row.body, SetEnd)]
    assert [one.ended_by for one in ended] == ["pain"]


def test_who_signs_off_gets_up(visitor: Visitor) -> None:
    visitor.start_a_set("badge-0")
    visitor.touch(SignOff())
    visitor.pass_s(0.1)
    assert visitor.trial.view.awaits == "identify"
    assert visitor.trial.driver.lifter is None
    assert not visitor.trial.driver.is_occupied


def test_closing_signs_out_and_waits_until_all_is_handed_in(visitor: Visitor) -> None:
    visitor.start_a_set("badge-0")
    visitor.kiosk.close()
    assert visitor.kiosk.inputs.get_nowait() == SignOff()
    visitor.pass_s(0.1)
    visitor.trial.touch(SignOff())
    kept = replace(visitor.trial.view, rows_waiting=3)
    visitor.kiosk.on_view(kept, visitor.trial.now)
    assert not visitor.kiosk.quiet.is_set()
    visitor.pass_s(0.1)
    assert visitor.kiosk.quiet.is_set()


async def _until(kiosk: Kiosk, awaits: str) -> None:
    while kiosk.view is None or kiosk.view.awaits != awaits:  # noqa: ASYNC110 (the loop shows 50 views a second)
        await asyncio.sleep(0.02)


async def test_a_touch_on_the_screen_reaches_the_service(
    broker: Broker,
    tmp_path: Path,
    broker_service: Callable[..., Any],
    small_service: Callable[..., Any],
    two_members: tuple[Member, ...],
) -> None:
    service = broker_service(small_service())
    serving = asyncio.create_task(service.serve(broker.port))
    await asyncio.wait_for(service.ready.wait(), 10)
    fleet = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines={"kiosk-1": KIND.name},
        members=two_members,
        keys_file=service.keys_file,
        site_key=b"trial",
        folder=tmp_path / "spools",
    )
    kiosk, stop = at_only_machine(fleet), asyncio.Event()
    running = asyncio.create_task(run(kiosk, fleet, listen(0), stop))
    try:
        async with asyncio.timeout(20):
            await _until(kiosk, "identify")
            assert kiosk.screen.put(Identify(badge="badge-0"))
            await _until(kiosk, "confirm")
        stop.set()
        report = await asyncio.wait_for(running, 10)
    finally:
        running.cancel()
        serving.cancel()
    assert (report.sessions, report.rows_waiting, report.state) == (1, 0, "idle")
    assert any(isinstance(row.body, SignIn) for row in service.stored.values())
