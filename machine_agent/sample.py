"""The one word that drivers, detector and agent share: a reading of the machine."""

from dataclasses import dataclass

from contract.messages import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One reading of the machine, about every 20 ms of body time.

    `deg` is travel in the trained direction (the driver mirrors left), `deg_s` positive outwards.
    `torque_nm` is what the person puts on the lever, weight of the trunk or limb included.
    `load_g` is the measured load of the drive, without the weight that it carries for the person.
    `pelvis_ok` is None on machines without pad sensors. `estop`: the hardware has cut the power, for
    as long as the mushroom is pressed. `side` is the one in whose direction `deg` counts, as the driver was
    last told: when it changes, a driver that mirrors turns the angle round.
    """

    body_ms: int
    deg: float
    deg_s: float
    torque_nm: float
    load_g: int
    seat: bool = True
    pelvis_ok: bool | None = None
    estop: bool = False
    side: Side = "both"
