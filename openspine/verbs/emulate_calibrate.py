"""`emulate calibrate`: the emulated people and machines beside published figures."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, hand_over, say
from openspine.verbs.options import AsJson

DATA = Path("../shared/data/motor_machine_stream")  # beside the checkout, where there is any


def run(
    *,
    people: Annotated[int, Parameter(help="Emulated people of each group.")] = 600,
    seed: Annotated[int, Parameter(help="Same people and seed: same figures.")] = 1,
    data: Annotated[
        Path | None, Parameter(help="Folder of data sets, or a real machine's stream as CSV; else if there.")
    ] = None,
    plot: Annotated[Path | None, Parameter(help="Draw it: .png, .svg or .html.")] = None,
    page: Annotated[Path | None, Parameter(help="Write it as a page of the documentation.")] = None,
    json: AsJson = False,
) -> int:
    """Measure the emulator; exit code 1 when a figure is out of its tolerance."""
    from openspine.emulation import calibration  # noqa: PLC0415 (loaded when it runs)

    if data is None and DATA.is_dir():
        data = DATA
    if data is None:
        say("without a real machine's stream (--data); that part is left out")
    asked = calibration.Asked(people=people, seed=seed, data=data)
    told = calibration.judge(asked, calibration.Written(plot=plot, page=page))
    hand_over(told, as_json=json, lines=calibration.lines(told))
    return ExitCode.OK if told["ok"] else ExitCode.FAILED
