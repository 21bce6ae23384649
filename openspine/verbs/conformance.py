"""`conformance`: play the service against any agent over a broker, and say which rules it keeps."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson
from openspine.verbs.record import PASSWORD_VARIABLE
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.conformance.credentials import Signer
    from emulator.conformance.own_agent import OwnMachine
    from emulator.conformance.report import Report
    from emulator.conformance.rim import Played, Run

OWN_MACHINE = "own-1"
BADGE = "conformance"
Operator = Literal["none", "human", "emulated"]


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    machine: Annotated[str | None, Parameter(help="Id of the machine under test.")] = None,
    broker: Annotated[str | None, Parameter(help="MQTT 5 broker as HOST:PORT.")] = None,
    username: Annotated[
        str | None, Parameter(help=f"User of the broker; the password comes from {PASSWORD_VARIABLE}.")
    ] = None,
    tls: Annotated[bool, Parameter(negative="", help="Speak TLS with the broker.")] = False,
    ca_file: Annotated[Path | None, Parameter(help="With --tls: whom to trust, as PEM.")] = None,
    keys: Annotated[Path | None, Parameter(help="Folder of the kit's keys; made when empty.")] = None,
    listen: Annotated[
        str | None, Parameter(help="HOST:PORT at which the agent connects instead of the broker.")
    ] = None,
    badge: Annotated[str, Parameter(help="What the badges of the people begin with.")] = BADGE,
    level: Annotated[Literal["basic", "full"], Parameter(help="How much is asked.")] = "full",
    operator: Annotated[Operator, Parameter(help="Who does what a greeting asks for.")] = "none",
    real: Annotated[
        bool, Parameter(negative="", help="The machine speaks below openspine/, not -sim.")
    ] = False,
    self_: Annotated[
        bool, Parameter(name="--self", negative="", help="Test our own agent, with a broker of its own.")
    ] = False,
    rate: Annotated[float, Parameter(help="With --self: body time beside real time.")] = 10.0,
    junit: Annotated[Path | None, Parameter(help="Write JUnit XML.")] = None,
    rules: Annotated[bool, Parameter(negative="", help="List the rules and end.")] = False,
    json: AsJson = False,
) -> int:
    """Judge an agent by the protocol page.

    Exit code 1 when a rule fails or the run is stopped by hand, 4 when no agent answers.
    """
    from emulator.conformance import report  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.conformance.rules import RULES  # noqa: PLC0415 (another room, loaded when it runs)

    if rules:
        return _list_rules(as_json=json)
    with ExitStack() as stack:
        if self_:
            played = _with_own_agent(stack, level, badge, rate)
            machine = OWN_MACHINE
        elif machine is None or broker is None or keys is None:
            raise Failure("give --self, or all of --machine, --broker and --keys", ExitCode.USAGE)
        else:
            from emulator.conformance.rim import Run  # noqa: PLC0415 (another room, loaded when it runs)

            host, port = split_address(broker)
            played = _play(
                Run(
                    machine=machine,
                    host=host,
                    port=port,
                    signer=_signer(keys),
                    origin="real" if real else "sim",
                    level=level,
                    listen=split_address(listen) if listen else None,
                    assisted=operator != "none",
                    badge=badge,
                    username=username,
                    password=os.environ.get(PASSWORD_VARIABLE),
                    tls=tls,
                    ca_file=ca_file,
                )
            )
    return _report(report.made(played, RULES, machine, level, "real" if real else "sim"), junit, as_json=json)


def _list_rules(*, as_json: bool) -> int:
    from emulator.conformance.rules import RULES  # noqa: PLC0415 (another room, loaded when it runs)

    listed = [
        {"id": one.id, "level": one.level, "section": one.section, "does": one.does, "sees": one.sees}
        for one in RULES
    ]
    lines = [f"{one.id:<8}  {one.level:<5}  {one.section:<26}  {one.does}: {one.sees}" for one in RULES]
    hand_over({"rules": listed}, as_json=as_json, lines=lines)
    return ExitCode.OK


def _signer(folder: Path) -> "Signer":
    import msgspec  # noqa: PLC0415 (heavy)

    from emulator.conformance import credentials  # noqa: PLC0415 (another room, loaded when it runs)

    try:
        return credentials.open_folder(folder)
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
        raise Failure(f"--keys {folder}: {error}; give an empty folder, and the kit makes keys") from error


def _with_own_agent(stack: ExitStack, level: Literal["basic", "full"], badge: str, rate: float) -> "Played":
    """Start a broker and our own agent in a temporary folder, and play against it."""
    from emulator.conformance import own_agent, rim  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.broker.embedded import Broker, best_kind  # noqa: PLC0415 (only here)

    if rate <= 0:
        raise Failure("--rate: write a number above 0", ExitCode.USAGE)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="openspine-conformance-")))
    try:
        place = stack.enter_context(Broker(best_kind(), folder / "broker"))
    except RuntimeError as error:
        raise Failure(str(error), ExitCode.UNREACHABLE) from error
    signer = _signer(folder / "keys")

    def own(port: int) -> own_agent.OwnMachine:
        return own_agent.OwnMachine(
            name=OWN_MACHINE,
            port=port,
            keys_file=folder / "keys" / "keys.json",
            site_key=signer.site_key,
            folder=folder,
            badge=badge,
            rate=rate,
            wall_start_ms=None if rate == 1 else time.time_ns() // 1_000_000,
        )

    run = rim.Run(
        machine=OWN_MACHINE,
        host=place.host,
        port=place.port,
        signer=signer,
        level=level,
        listen=(place.host, 0),
        assisted=True,
        badge=badge,
    )
    return asyncio.run(_own_until_told(run, own))


async def _own_until_told(run: "Run", own: "Callable[[int], OwnMachine]") -> "Played":
    from emulator.conformance import own_agent  # noqa: PLC0415 (another room, loaded when it runs)

    return await own_agent.under_test(run, own, say, _stop())


def _play(run: "Run") -> "Played":
    import aiomqtt  # noqa: PLC0415 (heavy)

    try:
        return asyncio.run(_until_told(run))
    except (aiomqtt.MqttError, OSError) as error:
        raise Failure(f"--broker {run.host}:{run.port}: {error}", ExitCode.UNREACHABLE) from error


async def _until_told(run: "Run") -> "Played":
    from emulator.conformance import rim  # noqa: PLC0415 (another room, loaded when it runs)

    stop = _stop()
    where = f"{run.listen[0]}:{run.listen[1]}" if run.listen else f"{run.host}:{run.port}"
    say(f"start the agent of {run.machine} now; it connects to {where} (Ctrl-C judges what has been seen)")
    return await rim.play(run, say, stop=stop)


def _stop() -> asyncio.Event:
    """Return what is set at Ctrl-C, and at a polite end from outside."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _report(found: "Report", junit: Path | None, *, as_json: bool) -> int:
    from emulator.conformance import report  # noqa: PLC0415 (another room, loaded when it runs)

    if not found.has_answered:
        raise Failure(f"no agent of machine {found.machine} answered", ExitCode.UNREACHABLE)
    if junit is not None:
        junit.write_text(report.as_junit(found), encoding="utf-8")
    hand_over(report.as_json(found), as_json=as_json, lines=report.lines(found))
    return ExitCode.FAILED if found.failures or found.problem else ExitCode.OK
