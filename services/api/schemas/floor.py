"""The studio floor and what streams from it."""

from typing import Literal

from pydantic import Field

from services.api.schemas.orders import Delivery
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    ClinicalDeg,
    Code,
    Count,
    Deg,
    Id,
    Kg,
    Kind,
    Light,
    MachineId,
    MachineName,
    Nm,
    Person,
    Reason,
    Side,
    State,
)


class FloorSummary(Shape):
    """The strip: how many machines need somebody, run fine, or stand idle."""

    red: Count
    amber: Count
    fine: Count
    idle: Count


class LastSetting(Shape):
    """The newest setting sent to a machine, with its reasons and its fate."""

    id: Id
    at: At
    set: Count
    why: list[Reason]
    state: State
    refusal: Code | None


class FloorHold(Shape):
    """The newest hold of a machine that nobody has released."""

    id: Id
    action: Literal["stop", "pause", "freeze"] = Field(examples=["pause"])
    made_at: At
    delivery: Delivery


class FloorItem(Shape):
    """One machine now. `stale`: nothing heard for a while, show it grey with `seen_at`."""

    machine: MachineId
    name: MachineName
    kind: Kind | None
    online: bool = Field(examples=[True])
    state: str = Field(description="state of the machine, lower case", examples=["working"])
    light: Light
    attention: list[Reason]
    patient: Person | None
    session: Id | None
    set: Count | None
    side: Side | None
    sets_planned: Count | None
    rep: Count | None
    reps_planned: Count | None
    load_kg: Kg | None
    start_deg: Deg | None
    end_deg: Deg | None
    clinical_start_deg: ClinicalDeg | None
    clinical_end_deg: ClinicalDeg | None
    last_setting: LastSetting | None
    seen_at: At | None
    stale: bool = Field(examples=[False])
    hold: FloorHold | None
    overridden: bool = Field(description="staff have chosen a dose of this session", examples=[False])
    hands_on: bool = Field(description="first session: check by hand", examples=[False])
    sounds: bool = Field(description="a red alert that nobody acknowledged for a minute", examples=[False])


class Floor(Shape):
    """All machines of the studio at one moment."""

    as_of: At
    summary: FloorSummary
    items: list[FloorItem]


class LiveFrame(Shape):
    """Event `frame`: one point of the trace of one machine (10-20 Hz, dropped when behind)."""

    machine: MachineId
    mono_ms: Count
    set: Count
    rep: Count
    deg: Deg
    target_deg: Deg
    clinical_deg: ClinicalDeg | None
    nm: Nm
    phase: str = Field(examples=["concentric"])


class LiveFrames(Shape):
    """Event `frames` of a thinned floor: the newest point of each machine that has moved since."""

    items: list[LiveFrame]


class LiveState(Shape):
    """Event `state`: a machine's state has changed; fetch /v1/floor for the whole picture."""

    machine: MachineId
    online: bool = Field(examples=[True])
    state: str = Field(examples=["working"])
    session: Id | None
    at: At


class Heartbeat(Shape):
    """Event `heartbeat`, every 5 s: the stream is alive although nothing moves."""

    at: At
    dropped: int = Field(description="events this viewer was too slow for", examples=[0])
