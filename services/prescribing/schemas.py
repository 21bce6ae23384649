"""Bodies of the prescribing process: integers in the units of the wire, because they are what is signed."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from contract import messages
from contract.messages.vocabulary import PLAIN_TEXT
from services.api.schemas import Shape
from services.api.schemas.vocabulary import At, Count, Id, Kind, Phase
from services.prescribing.sign import VALID_DAYS

State = Literal["open", "signed", "withdrawn", "overtaken", "lapsed"]
Gram = Annotated[StrictInt, Field(description="grams", examples=[24_000])]
CapG = Annotated[StrictInt, Field(description="grams, of the phase", examples=[12_000])]
TorqueNm = Annotated[StrictInt, Field(description="newton metres, isometric test", examples=[120])]
SpeedCdegS = Annotated[StrictInt, Field(description="hundredths of a degree per second", examples=[4_500])]
Cdeg = Annotated[StrictInt, Field(description="hundredths of a degree of travel", examples=[1_800])]
EndCdeg = Annotated[StrictInt, Field(description="hundredths of a degree of travel", examples=[5_400])]
Nrs = Annotated[StrictInt, Field(description="pain 0-10", examples=[3])]
Days = Annotated[StrictInt, Field(description="how long the limits hold", examples=[VALID_DAYS])]
Why = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=PLAIN_TEXT,
        description="kept with the version and in the audit",
        examples=["Range painless for two weeks."],
    ),
]


class Window(Shape):
    """Angles that one side may use; the first visit ends at `start_highest_cdeg` at most."""

    lowest_cdeg: Cdeg
    highest_cdeg: EndCdeg
    start_highest_cdeg: EndCdeg


class Because(Shape):
    """Why limits are renewed or withdrawn."""

    reason: Why


class Restore(Because):
    """Which version is to hold again."""

    version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1, examples=[3])]
    valid_days: Days = VALID_DAYS


class Unsigned(Shape):
    """Limits for one person and one kind of machine."""

    max_load_g: Gram
    phase_cap_g: CapG
    max_torque_nm: TorqueNm
    max_speed_cdeg_s: SpeedCdegS
    sides: dict[messages.Side, Window] = Field(
        min_length=1,
        examples=[{"both": {"lowest_cdeg": 1_800, "highest_cdeg": 5_400, "start_highest_cdeg": 5_400}}],
    )
    phase: Phase
    pain_green_nrs: Nrs
    pain_amber_nrs: Nrs
    valid_days: Days = VALID_DAYS


class NewLimits(Because, Unsigned):
    """Limits to sign for one person and one kind of machine."""


class ProposedLimits(Shape):
    """Limits that are wider than those that hold, in the fields of `wider`: somebody else signs them."""

    id: Id
    kind: Kind
    base_version: Count
    limits: Unsigned
    wider: list[str] = Field(examples=[["max_load_g", "sides.both"]])
    proposed_by: str = Field(examples=["Dr Wong"])
    proposed_at: At
    reason: Why
    state: State = Field(examples=["open"])


class SignedLimits(Shape):
    """One signed version; the newest holds. `withdrawn`: nothing is allowed any more."""

    patient: Id
    kind: Kind
    version: Count
    max_load_g: Gram
    phase_cap_g: CapG
    max_torque_nm: TorqueNm
    max_speed_cdeg_s: SpeedCdegS
    sides: dict[messages.Side, Window] = Field(
        examples=[{"both": {"lowest_cdeg": 1_800, "highest_cdeg": 5_400, "start_highest_cdeg": 5_400}}]
    )
    phase: Phase
    pain_green_nrs: Nrs
    pain_amber_nrs: Nrs
    valid_until: At
    withdrawn: bool = Field(examples=[False])
    key_id: str = Field(examples=["envelope-3f9a01c2"])
    signed_by: str = Field(examples=["Dr Wong"])
    signed_at: At
    reason: Why


class Readiness(Shape):
    """Whether limits can be signed now, or why not."""

    status: str = Field(examples=["ready"])
