"""`replay`: a recording once more, always under the simulation's topics."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from openspine.broker.passwords import read_simulation
from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.replay.tape import Tape
    from emulator.replay.voices import Broker

REFUSED = (
    "a replay never reaches a real machine, and recorded people never enter a real history: "
    "it speaks under openspine-sim only"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line of a replay."""

    rate: Annotated[str, Parameter(help="Times real time, or max: as fast as rows are committed.")] = "1"
    start: Annotated[float, Parameter(help="Begin at so many seconds.")] = 0.0
    until: Annotated[float | None, Parameter(help="End at so many seconds.")] = None
    duration: Annotated[float | None, Parameter(help="End so many seconds after the start.")] = None
    loop: Annotated[bool, Parameter(negative="", help="Again and again, until q or Ctrl-C.")] = False
    pause: Annotated[bool, Parameter(negative="", help="Begin paused; in a terminal only.")] = False
    topics: Annotated[
        list[str] | None,
        Parameter(negative="", help="Only these: MQTT filters such as up/rep or +/up/#; repeated."),
    ] = None
    exclude: Annotated[list[str] | None, Parameter(negative="", help="Not these; repeated.")] = None
    clock: Annotated[
        Literal["wall", "sim"], Parameter(help="Times as recorded (sim), or as if it happened now (wall).")
    ] = "sim"
    verify: Annotated[
        Path | None, Parameter(help="Golden lines to compare decisions with; exit code 5 when one differs.")
    ] = None
    write_golden: Annotated[Path | None, Parameter(help="Write what is decided as golden lines.")] = None
    play_as: Annotated[
        Literal["auto", "messages", "samples"],
        Parameter(name="--as", help="What machines said, or samples through the true agent."),
    ] = "auto"
    root: Annotated[Literal["sim", "real"], Parameter(help="Only sim is ever played to.")] = "sim"
    broker: Annotated[str | None, Parameter(help="HOST:PORT; else broker and service of its own.")] = None
    passwords: Annotated[
        Path | None, Parameter(help='Messages, with --broker: TOML, a line sim-MACHINE = "..." each.')
    ] = None
    tls: Annotated[bool, Parameter(negative="", help="Messages, with --broker: speak TLS with it.")] = False
    ca_file: Annotated[Path | None, Parameter(help="With --tls: whom to trust, as PEM.")] = None
    people: Annotated[
        Path | None, Parameter(help="Messages, without --broker: who is in the recording (TOML).")
    ] = None
    keys: Annotated[Path | None, Parameter(help="Samples, with --broker: the studio's keys.json.")] = None
    api: Annotated[
        str | None, Parameter(help="Samples, with --broker: the service's URL, to say what it stored.")
    ] = None
    machine: Annotated[str | None, Parameter(help="Samples: of which machine, where there are several.")] = (
        None
    )
    badge: Annotated[str, Parameter(help="Samples: whom the scripted operator signs in.")] = "recorded"


def run(
    file: Path,
    *,
    options: Annotated[Options, Parameter(name="*")] = Options(),
    json: AsJson = False,
) -> int:
    """Replay a recording: what its machines said, or, of samples alone, what the true agent makes of them.

    In a terminal: space pauses, + and - change the rate, s steps, q ends. Exit code 1 when rows were left,
    all were rejected, no plan came, or it was stopped before what --verify or --write-golden asks for;
    2 for anything but the simulation, 4 when nobody answered, 5 when a decision differs.
    """
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.replay.tape import Selection, read_tape  # noqa: PLC0415 (another room, loaded when it runs)

    rate, (start_ms, until_ms) = _rate(options.rate), span_ms(options)
    _refuse_real(options)
    tape = read_tape(
        file,
        Selection(
            start_ms=start_ms,
            until_ms=until_ms,
            topics=tuple(options.topics or ()),
            exclude=tuple(options.exclude or ()),
        ),
    )
    if isinstance(tape, NoRecording):
        raise Failure(str(tape))
    if options.play_as == "samples" or (options.play_as == "auto" and not tape.rows and tape.samples):
        return _samples(file, options, rate, as_json=json)
    return _messages(tape, options, rate, as_json=json)


def _messages(tape: "Tape", options: Options, rate: float, *, as_json: bool) -> int:
    from openspine.replay import keyboard  # noqa: PLC0415 (only when it runs)
    from openspine.replay.messages import Asked, replay  # noqa: PLC0415 (heavy)

    if not tape.rows:
        left_out = ", ".join(f"{count} {why}" for why, count in tape.left_out.items()) or "nothing in it"
        raise Failure(f"no message of a machine to play: {left_out}, {tape.samples} samples")
    _refuse_unfit(options, is_terminal=keyboard.is_terminal())
    asked = Asked(
        tape=tape,
        rate=rate,
        is_paused=options.pause,
        is_looped=options.loop,
        as_if_now=options.clock == "wall",
        broker=_broker(options),
        people=options.people,
        verify=options.verify,
        write_golden=options.write_golden,
    )
    result, code = replay(asked)
    hand_over(result, as_json=as_json, lines=[_messages_line(result)])
    return code


def _samples(file: Path, options: Options, rate: float, *, as_json: bool) -> int:
    from openspine.replay import samples  # noqa: PLC0415 (heavy)

    _refuse_for_samples(options)
    start_ms, until_ms = span_ms(options)
    where: dict[str, Any] = {
        "recording": file,
        "rate": rate,
        "badge": options.badge,
        "machine": options.machine,
        "wall_start_ms": None if options.clock == "wall" else samples.WALL_START_MS,
        "start_ms": start_ms,
        "until_ms": until_ms,
    }
    if options.broker is None:
        result = samples.with_own_studio(where)
    elif options.keys is None:
        raise Failure("--broker needs --keys: the studio's keys.json", ExitCode.USAGE)
    else:
        host, port = split_address(options.broker)
        result = samples.at(where | {"host": host, "port": port, "keys_file": options.keys})
        result |= samples.stored(options.api, result["session"]) if options.api is not None else {}
    hand_over(result, as_json=as_json, lines=[_samples_line(result)])
    return ExitCode.FAILED if result["problem"] or result["unacked"] else ExitCode.OK


def _refuse_real(options: Options) -> None:
    if options.root != "sim":
        raise Failure(f"--root {options.root}: {REFUSED}", ExitCode.USAGE)
    for one in (*(options.topics or ()), *(options.exclude or ())):
        if one.startswith("openspine/"):
            raise Failure(f"{one} names the real machines: {REFUSED}; write up/rep", ExitCode.USAGE)
    if options.broker is not None and "/" in options.broker.removeprefix("mqtt://"):
        raise Failure(f"--broker {options.broker}: write HOST:PORT; {REFUSED}", ExitCode.USAGE)


def _refuse_unfit(options: Options, *, is_terminal: bool) -> None:
    """Refuse what contradicts itself in a replay of messages."""
    is_judged = options.verify is not None or options.write_golden is not None
    is_at_home, is_secured = options.broker is None, options.tls or options.passwords is not None
    for is_unfit, why in (
        (options.pause and not is_terminal, "--pause needs a terminal: nobody could press space"),
        (is_judged and options.clock == "wall", "--clock wall makes new ids and times: nothing to compare"),
        (is_judged and options.loop, "--loop never ends: nothing to compare"),
        (options.people and not is_at_home, "--people belongs to a studio of its own"),
        (is_secured and is_at_home, "--passwords and --tls belong to --broker"),
    ):
        if is_unfit:
            raise Failure(why, ExitCode.USAGE)


def _refuse_for_samples(options: Options) -> None:
    """Refuse what only a replay of messages has."""
    given = {
        "--loop": options.loop,
        "--pause": options.pause,
        "--topics": options.topics is not None,
        "--exclude": options.exclude is not None,
        "--people": options.people is not None,
        "--passwords": options.passwords is not None,
        "--tls": options.tls,
    }
    for name, is_given in given.items():
        if is_given:
            raise Failure(
                f"{name} belongs to a recording of messages, this one is of samples", ExitCode.USAGE
            )
    if options.verify is not None or options.write_golden is not None:
        raise Failure(
            "samples go through the true agent, which makes new ids: nothing to compare", ExitCode.USAGE
        )


def _broker(options: Options) -> "Broker | None":
    from emulator.replay.voices import Broker  # noqa: PLC0415 (another room, loaded when it runs)

    if options.broker is None:
        return None
    host, port = split_address(options.broker)
    passwords = {} if options.passwords is None else read_simulation(options.passwords)
    return Broker(host=host, port=port, passwords=passwords, tls=options.tls, ca_file=options.ca_file)


def span_ms(options: Options) -> tuple[int, int | None]:
    """Say from when on and until when is played, from the first record of the recording on."""
    if options.until is not None and options.duration is not None:
        raise Failure("--until and --duration both say when to end: give one", ExitCode.USAGE)
    until = options.until if options.duration is None else options.start + options.duration
    if options.start < 0 or (until is not None and until <= options.start):
        raise Failure("nothing lies between these seconds: the end must come after the start", ExitCode.USAGE)
    return round(options.start * 1_000), None if until is None else round(until * 1_000)


def _rate(text: str) -> float:
    try:
        rate = math.inf if text == "max" else float(text)
    except ValueError:
        rate = 0.0
    if not rate > 0:
        raise Failure(f"--rate {text}: write a number above 0, or max", ExitCode.USAGE)
    return rate


def _messages_line(result: dict[str, Any]) -> str:
    verified = result.get("verified")
    told = "" if verified is None else f"; {verified['equal']} of them as in the golden file"
    return (
        f"{result['acknowledged']} rows of {len(result['machines'])} machines committed in "
        f"{result['seconds']:.1f} s ({result['recorded_s']:.0f} s of recording); "
        f"{result['decided']} golden lines{told}"
    )


def _samples_line(result: dict[str, Any]) -> str:
    return f"{result['reps_counted']} reps counted in {result['recorded_s']:.0f} s of recording"
