"""The closed word lists and bounded values of the wire; every other message file uses them."""

from typing import Annotated, Literal

from msgspec import Meta

PROTOCOL_VERSION = 1

Origin = Literal["real", "sim"]
Side = Literal["both", "left", "right"]
Mode = Literal["train", "warm_up", "mobility", "isometric"]
Phase = Literal["calm", "restore", "build", "strengthen", "maintain"]
Profile = Literal["rehab", "studio"]
Clock = Literal["wall", "sim"]
RecordedKind = Literal[
    "sign_in", "sign_out", "answer", "gravity", "rep", "set_end", "test_result", "event", "receipt"
]
Quality = Literal["partial", "assisted", "sensor", "posture", "paced", "warm_up", "test"]
EndedBy = Literal[
    "target",
    "effort",
    "tempo",
    "range",
    "pain",
    "unwell",
    "too_heavy",
    "patient",
    "staff",
    "link",
    "power",
    "fault",
]
Question = Literal[
    "pain_before", "spasm", "new_symptoms", "pain_site", "rir", "rpe", "pain_set", "pain_after",
    "pain_next_morning", "readiness", "tick",
]  # fmt: skip
EventWhat = Literal[
    "pain",
    "unwell",
    "too_heavy",
    "stop",
    "estop",
    "fault",
    "sensor",
    "identity",
    "assist_locked",
    "conflict",
    "spool",
]
ReceiptResult = Literal["applied", "refused", "expired"]
HoldAction = Literal["stop", "pause", "freeze"]
Opener = Literal["staff"]
Flag = Literal["no_increase", "pain_today", "spasm", "calibrating", "returning", "practice_test"]
RepPhase = Literal["idle", "concentric", "hold", "eccentric", "turn"]

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MACHINE_PATTERN = "^[a-z0-9-]{3,32}$"
PLAIN_TEXT = "^[^\\x00-\\x08\\x0b-\\x1f]*$"  # PostgreSQL text refuses NUL; screens refuse control characters
LARGEST_INTEGER = 2**53  # beyond it JSON numbers lose digits in other languages

Uuid = Annotated[str, Meta(pattern=UUID_PATTERN)]
MachineId = Annotated[str, Meta(pattern=MACHINE_PATTERN)]
Word = Annotated[str, Meta(max_length=64, pattern=PLAIN_TEXT)]
Text = Annotated[str, Meta(max_length=200, pattern=PLAIN_TEXT)]
Hex32 = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Count = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER)]
Milliseconds = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER)]
LoadG = Annotated[int, Meta(ge=0, le=200_000)]  # leg_press 200 kg is the largest machine
AngleCdeg = Annotated[int, Meta(ge=-18_000, le=18_000)]
TorqueNm = Annotated[int, Meta(ge=0, le=2_000)]
SpeedCdegS = Annotated[int, Meta(ge=0, le=20_000)]  # 200 deg/s: faster readings are a sensor fault
Nrs = Annotated[int, Meta(ge=0, le=10)]
Percent = Annotated[int, Meta(ge=0, le=1_000)]
Finite = Annotated[float, Meta(ge=-1e6, le=1e6)]
NotNegative = Annotated[float, Meta(ge=0, le=1e6)]
