"""The visits of a day, presets, the evening's signature, and who needs somebody."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contract.messages.vocabulary import UUID_PATTERN
from services.api.schemas.orders import Words
from services.api.schemas.shape import Page, Shape
from services.api.schemas.vocabulary import (
    At,
    Code,
    Count,
    Id,
    Kg,
    Kind,
    Light,
    MachineId,
    MachineName,
    Nrs,
    Person,
    Reason,
    Side,
)

SOMEBODY = "6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"
StationName = Annotated[str, Field(pattern="^[a-z_]{1,64}$", examples=["trunk_rotation"])]
Version = Annotated[int, Field(ge=1, description="as read; another one is refused", examples=[1])]
Minutes = Annotated[int, Field(ge=1, le=240, examples=[40])]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-21"])]


class BookingWish(Shape):
    """Who comes when; the stations are the person's usual ones."""

    patient: Annotated[str, Field(pattern=UUID_PATTERN, examples=[SOMEBODY])]
    starts_at: Annotated[AwareDatetime, Field(examples=["2026-11-23T02:00:00Z"])]
    minutes: Minutes = 40


class MoveWish(Shape):
    """Another time for a planned visit."""

    version: Version
    starts_at: Annotated[AwareDatetime, Field(examples=["2026-11-24T02:00:00Z"])]
    minutes: Minutes


class CancelWish(Shape):
    """Which version of the booking is cancelled."""

    version: Version


class StationWish(Shape):
    """One place of the circuit: a kind of machine, or a guided station."""

    station: StationName
    guided: bool = Field(examples=[False])
    minutes: Minutes


class StationsWish(Shape):
    """The stations of a visit in their order."""

    version: Version
    stations: list[StationWish] = Field(max_length=12)


class Made(Shape):
    """What was made."""

    id: Id


class Station(StationWish):
    """A place of the circuit; `done`: ticked off, or trained on a machine of the kind and left it."""

    done: bool = Field(examples=[False])


class Place(Shape):
    """A machine on which somebody trains now."""

    machine: MachineId
    name: MachineName
    kind: Kind


class Visit(Shape):
    """A visit of a day; one that nobody had booked has no booking."""

    booking: Id | None
    version: Count | None
    patient: Person
    state: Literal["planned", "came", "missed", "cancelled"] = Field(examples=["planned"])
    starts_at: At
    zone: str = Field(description="time zone of its site", examples=["Asia/Hong_Kong"])
    minutes: Count | None
    came_at: At | None
    pain_before: Nrs | None
    number: Count | None
    trains_at: Place | None
    stations: list[Station]


class Visits(Page[Visit]):
    """A page of the visits of a day, by time; `count`: of the whole day."""

    day: Day
    count: Count


class FreeMachine(Place):
    """A machine on which nobody trains."""


class FreeMachines(Shape):
    """The machines that are free now."""

    items: list[FreeMachine]


class TickWish(Shape):
    """A guided station or a home exercise that was done today."""

    source: Literal["station", "home"] = Field(examples=["home"])
    item: StationName


class PresetWish(Shape):
    """What holds for the whole person today; `station` and `into` belong to swap_station."""

    kind: Literal["hold", "half_load", "swap_station", "end_visit"] = Field(examples=["half_load"])
    reason: Words
    station: StationName | None = None
    into: StationName | None = None


class Told(Shape):
    """What a session that runs was told; `refusal` says why it was told nothing."""

    session: Id
    machine: MachineId
    side: Side | None
    load_kg: Kg | None
    refusal: str | None = Field(examples=["No set of training is left on this side."])


class LaidDown(Shape):
    """A preset of the day, and what the sessions that run were told: staff see to what was refused."""

    id: Id
    sent: list[Told]


class Change(Shape):
    """What the model changed, was refused, or gave way to staff with."""

    decision: Id
    session: Id
    patient: Person
    kind: Kind
    side: Side
    set: Count
    at: At
    raised: Code | None
    refusal: Code | None
    by_staff: bool = Field(examples=[False])
    before_kg: Kg | None = Field(description="null: the first dose")
    load_kg: Kg
    why: list[Reason]
    signed: bool = Field(examples=[False])


class Changes(Page[Change]):
    """A page of the changes of a studio day; `count`, `open` (nobody has signed): of the whole day."""

    day: Day
    count: Count
    open: Count


class CountersignWish(Shape):
    """Which decisions of a day are countersigned, in one act."""

    day: Day
    decisions: list[Annotated[str, Field(pattern=UUID_PATTERN, examples=[SOMEBODY])]] = Field(
        min_length=1, max_length=500
    )


class Signed(Shape):
    """How many were not signed before."""

    signed: Count


class Cause(Reason):
    """A reason and since when; `alerts`: those behind it that nobody has acknowledged."""

    since: At
    alerts: list[Id]


class Need(Shape):
    """A person who needs somebody, how urgently (heavier first), and why."""

    patient: Person
    light: Light
    weight: Count
    reasons: list[Cause]


class Needs(Shape):
    """Who needs somebody, the most urgent first."""

    items: list[Need]


class Standing(Shape):
    """What staff laid down for a person and nobody has taken back.

    Without a machine it holds for the whole person today, and is ended by its id (`/v1/presets/{id}/end`).
    """

    id: Id
    kind: Literal["hold", "half_load", "swap_station", "end_visit", "stop", "pause", "freeze", "override"] = (
        Field(examples=["half_load"])
    )
    machine: MachineId | None
    session: Id | None
    side: Side | None
    reason: Words
    by: str = Field(examples=["Ho Wing Yan"])
    made_at: At


class InForce(Shape):
    """Everything that staff laid down and that holds now."""

    items: list[Standing]
