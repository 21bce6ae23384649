"""Reps of a rep-level set as the messages that an agent would record."""

from collections.abc import Iterator

import numpy as np

from contract.messages import CURVE_POINTS, Curve, Quality, Rep, Setting
from emulator.physiology import tempo
from emulator.physiology.parameters import number
from emulator.rep_level.sets import Sets

PACED_SHARE = 0.2  # within this of the prescribed times a rep was paced (as the agent measures it)
_FIGURES = (
    "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm", "mean_torque_nm",
    "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
)  # fmt: skip


def reps(
    row: Setting, sets: Sets, quality: tuple[Quality, ...], curves: np.random.Generator | None
) -> Iterator[Rep]:
    """Make the reps of the first row of `sets`; with a generator of chance they carry their curves."""
    count = int(sets.reps[0])
    columns = [np.round(getattr(sets, name)[0, :count], 3).tolist() for name in _FIGURES]
    for index, values in enumerate(zip(*columns, strict=True)):
        figures = dict(zip(_FIGURES, values, strict=True))
        paced: tuple[Quality, ...] = ("paced",) if _is_paced(row, figures) else ()
        yield Rep(
            set=row.set,
            rep=index + 1,
            side=row.side,
            setting=row.id,
            load_g=row.load_g,
            quality=quality + paced,
            curve=None if curves is None else _curve(figures, curves),
            **figures,
        )


def _is_paced(row: Setting, figures: dict[str, float]) -> bool:
    wanted = (row.tempo_ms[0] / 1_000, row.tempo_ms[2] / 1_000)
    done = (figures["concentric_s"], figures["eccentric_s"])
    return all(abs(one - asked) <= PACED_SHARE * asked for one, asked in zip(done, wanted, strict=True))


def _curve(figures: dict[str, float], chance: np.random.Generator) -> Curve:
    lift, hold, lower = figures["concentric_s"], figures["hold_s"], figures["eccentric_s"]
    start, span = figures["start_deg"], figures["end_deg"] - figures["start_deg"]
    deg = []
    for time in np.linspace(0, lift + hold + lower, CURVE_POINTS).tolist():
        share = (
            tempo.place(time / lift) if time < lift + hold else 1 - tempo.place((time - lift - hold) / lower)
        )
        deg.append(round(start + span * share, 2))
    noise = chance.normal(0, number("drive.torque_noise_nm"), CURVE_POINTS)
    return Curve(deg=tuple(deg), nm=tuple(np.round(figures["mean_torque_nm"] + noise, 2).tolist()))
