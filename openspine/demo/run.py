"""The demo: seed, start, watch, break on request, end, and say whether the loop held."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from openspine.broker.embedded import BrokerKind, best_kind
from openspine.demo.processes import Processes
from openspine.demo.studio import DEMO_PIN, DemoStudio, read_studio
from openspine.service import ask, sign_in

Fault = Literal["kill-service", "kill-broker"]
RATE = 25.0  # body time beside real time: a set of ten reps takes three seconds
WEEKS = 12  # of history behind the patients
OUTAGE_S = 2.0  # between the kill and the restart
APPLIED_LEAST = 12  # settings that must have been applied in a checked minute; fewer in less
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What `demo` was asked for; `seconds` None runs until Ctrl-C."""

    folder: Path
    seconds: float | None = None
    check: bool = False
    fault: Fault | None = None
    rate: float = RATE
    weeks: int = WEEKS
    broker: BrokerKind | None = None


def run_demo(options: DemoOptions, say: Say) -> dict[str, Any]:
    """Run the demo; returns the result of the check (or just `ok` without one)."""
    stop = _Stop()
    kind = options.broker or best_kind()
    with stop.listening(), Processes.in_folder(options.folder, kind, options.rate) as processes:
        processes.start_dashboard()  # the slowest to come up: it starts while the history is written
        _seed(options, say)
        processes.start_service()
        processes.wait_for_service()
        _admit(processes)
        processes.start_prescriber()
        processes.start_machines()
        studio = read_studio()
        processes.start_kiosk(studio.kiosk.machine, studio.kiosk.kind)
        processes.wait_for_prescriber()
        status = {"dashboard": processes.wait_for_dashboard(), "screen": processes.wait_for_kiosk()}
        _welcome(processes, kind, studio, say)
        ended = _watch(options, processes, stop, say)
        if not options.check:
            return {"ok": ended is None, "ended": ended}
        processes.end_machines()
        least = round(APPLIED_LEAST * min((options.seconds or 60.0) / 60.0, 1.0))
        return _checked(processes, status, ended, least)


class _Stop:
    """Ctrl-C and SIGTERM ask the demo to end; the second one is not waited for."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen while the demo runs."""
        before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def _seed(options: DemoOptions, say: Say) -> None:
    from openspine.demo.store import prepare  # noqa: PLC0415 - the model's libraries cost seconds

    started = time.monotonic()
    history = prepare(options.folder, options.weeks, say)
    say(f"studio ready in {time.monotonic() - started:.0f} s ({history})")


def _admit(processes: Processes) -> None:
    """Give the demo's prescriber a token, in a file for its owner only."""
    from services.keys.demo import PRESCRIBING_FOLDER  # noqa: PLC0415 - heavy
    from services.prescribing import operators  # noqa: PLC0415 - heavy

    listed = processes.folder / "keys" / PRESCRIBING_FOLDER / "operators.json"
    token = operators.admit(listed, read_studio().prescriber)
    processes.token_file.unlink(missing_ok=True)
    with os.fdopen(os.open(processes.token_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token + "\n")


def _welcome(processes: Processes, kind: BrokerKind, studio: DemoStudio, say: Say) -> None:
    from emulator.studio.stand import STAFF_PIN  # noqa: PLC0415 - brings numpy along
    from services.office.demo_staff import DEMO_PASSPHRASE, DEMO_STAFF  # noqa: PLC0415 - heavy

    say("")
    say(f"  dashboard   {processes.dashboard_url}")
    logins = ", ".join(login for login, _, _ in DEMO_STAFF)
    say(f'      sign in as {logins}: passphrase "{DEMO_PASSPHRASE}"')
    say(f"      or as a patient: {studio.patients[0].code} with PIN {DEMO_PIN}")
    say(f"  API         {processes.service.url}/v1/floor")
    say(f"  broker      mqtt://{processes.broker.host}:{processes.broker.port} ({kind})")
    say(f"  the patient's screen   {processes.screen_url}  (you touch, an emulated body does the work)")
    for patient in studio.at_kiosk:
        say(f"      {patient.name}: badge {patient.badge}, or code {patient.code} with PIN {DEMO_PIN}")
    say(f"      staff PIN {STAFF_PIN}")
    say(f"  limits      {processes.prescriber_url}/v1/patients/ID/limits/KIND")
    say(f"      token in {processes.token_file}")
    say(f"  logs        {processes.folder / 'logs'}")
    say("  Ctrl-C ends everything")
    say("")


def _watch(options: DemoOptions, processes: Processes, stop: _Stop, say: Say) -> str | None:
    """Wait until the time is over, somebody asks, or a process ends by itself (returned by name)."""
    started = time.monotonic()
    fault_at = None if options.fault is None or options.seconds is None else started + options.seconds / 2
    while not stop.asked:
        if options.seconds is not None and time.monotonic() >= started + options.seconds:
            return None
        if fault_at is not None and time.monotonic() >= fault_at:
            _break(options.fault, processes, say)
            fault_at = None
        if (ended := processes.first_ended()) is not None:
            say(f"{ended} ended by itself: {processes.log_tail(ended)}")
            return ended
        time.sleep(0.1)
    return None


def _break(fault: Fault | None, processes: Processes, say: Say) -> None:
    say(f"fault: {fault}")
    if fault == "kill-service":
        processes.kill_service()
        time.sleep(OUTAGE_S)
        processes.start_service()
    elif fault == "kill-broker":
        processes.broker.kill()
        time.sleep(OUTAGE_S)
        processes.broker.start()


def _checked(
    processes: Processes, status: Mapping[str, int], ended: str | None, least: int
) -> dict[str, Any]:
    """Compare what the machines counted with what the store holds."""
    from openspine.demo.check import compare, stored  # noqa: PLC0415 - needs the database libraries
    from services.office.demo_staff import DEMO_PASSPHRASE, DEMO_STAFF  # noqa: PLC0415 - heavy
    from services.store.engine import open_engine  # noqa: PLC0415

    report = json.loads(processes.machines_report.read_text(encoding="utf-8"))
    counted = [(row["machine"], stream, seq) for row in report["machines"] for stream, seq in row["reps"]]
    with open_engine(processes.database_url).connect() as connection:
        found = stored(connection, {stream for _, stream, _ in counted})
    token = sign_in(processes.service.url, DEMO_STAFF[0][0], DEMO_PASSPHRASE)
    floor = ask(f"{processes.service.url}/v1/floor", token=token)
    balance = compare(counted, found)
    result = {
        "machines": len(report["machines"]),
        "sessions": report["sessions"],
        **balance,
        "settings_sent": found.sent,
        "settings_applied": found.applied,
        "settings_applied_range": found.applied_range,
        "settings_refused": found.refused,
        "unacknowledged": report["unacked"],
        "dashboard_status": status["dashboard"],
        "screen_status": status["screen"],
        "floor_machines": len(floor["items"]),
        "rtt_ms": report["rtt_ms"],
    }
    held = not (balance["lost"] or balance["doubled"] or report["unacked"] or ended)
    moved = found.applied_range > 0 or least < APPLIED_LEAST  # a whole minute also changes amplitudes
    worked = found.applied >= least and moved and set(status.values()) == {200}
    return {"ok": held and worked, **result}
