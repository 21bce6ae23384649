"""What operators ask: identity, readiness, machines, dead letters; and the shape of every refusal."""

from typing import Literal

from pydantic import Field

from contract import messages
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    Code,
    Count,
    Id,
    Kind,
    MachineId,
    MachineName,
    Reason,
    Sentence,
)


class About(Shape):
    """Who answers."""

    name: str = Field(examples=["OpenSpine"])
    version: str = Field(examples=["0.1.0"])
    demo: bool = Field(examples=[True])
    zone: str = Field(description="time zone of the studio, for display", examples=["Asia/Hong_Kong"])
    origin: messages.Origin = Field(description="origin shown unless asked otherwise", examples=["sim"])
    policy: str = Field(examples=["steady"])
    model: str = Field(examples=["effort-1"])
    attention: list[Reason] = Field(description="what staff must know of the studio as a whole")
    sign_in: bool = Field(description="nothing is shown to people who have not signed in", examples=[True])


class Alive(Shape):
    """The process answers."""

    status: Literal["ok"] = Field(examples=["ok"])


class Check(Shape):
    """One thing that readiness depends on."""

    name: Literal["database", "migrations", "broker", "model"] = Field(examples=["broker"])
    ok: bool = Field(examples=[True])
    reason: Sentence | None = Field(examples=["connected"])


class Ready(Shape):
    """Ready when every check is."""

    ready: bool = Field(examples=[True])
    checks: list[Check]


class Machine(Shape):
    """One machine that has ever been heard."""

    machine: MachineId
    name: MachineName
    kind: Kind | None
    online: bool = Field(examples=[True])
    state: str = Field(examples=["idle"])
    firmware: str = Field(examples=["1.4.0"])
    spool_rows: Count
    seen_at: At | None
    stale: bool = Field(examples=[False])


LetterState = Literal["kept", "asked", "taken", "failed"]


class DeadLetter(Shape):
    """A message that could not be read or stored; its content is not shown."""

    id: Id
    at: At
    topic: str = Field(examples=["openspine-sim/v1/lumbar-1/up/rep"])
    machine: MachineId | None
    stream: str | None = Field(examples=["0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10"])
    seq: Count | None
    reason: Code
    detail: Sentence
    size_bytes: Count
    state: LetterState = Field(description="`failed`: tried again, in vain", examples=["kept"])


class Mistake(Shape):
    """One thing that is wrong with a request; the value itself is never repeated."""

    where: str = Field(examples=["query.limit"])
    what: Sentence
    type: str = Field(default="about:blank", examples=["urn:openspine:problem:minutes-range"])
    values: dict[str, str] = Field(default={}, examples=[{"least": "25", "most": "60"}])


class Problem(Shape):
    """RFC 9457 problem; `instance` identifies this occurrence in the logs."""

    type: str = Field(
        description="stable; a screen says it in its viewer's language, with `values`",
        examples=["urn:openspine:problem:visit-that-day"],
    )
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: Sentence
    instance: str = Field(examples=["urn:uuid:0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10"])
    mistakes: list[Mistake] = Field(default=[])
    values: dict[str, str] = Field(default={}, description="what stands in the sentence", examples=[{}])
