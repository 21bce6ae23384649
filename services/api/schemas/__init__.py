"""Every body of `/v1`: units in the names, RFC 3339 times, an example on each."""

from services.api.schemas.adjustments import Adjustment, SplitPart
from services.api.schemas.balance import Balance, Pair, PastDifference, PastRatio, StrengthRatio
from services.api.schemas.floor import (
    Floor,
    FloorItem,
    FloorSummary,
    Heartbeat,
    LastSetting,
    LiveFrame,
    LiveState,
)
from services.api.schemas.operations import (
    About,
    Alive,
    Check,
    DeadLetter,
    Machine,
    Mistake,
    Problem,
    Ready,
)
from services.api.schemas.patients import Limits, Patient, PatientRow, SideDose, SideLimits, Station
from services.api.schemas.progress import Adherence, PainPoint, Progress, ProgressPoint, Series, Trend
from services.api.schemas.sessions import AnswerRow, RepCurve, RepRow, Session, SessionRow, SetRow
from services.api.schemas.shape import Page, Shape, example_of
from services.api.schemas.vocabulary import Dose, Person, Reason

__all__ = [
    "About",
    "Adherence",
    "Adjustment",
    "Alive",
    "AnswerRow",
    "Balance",
    "Check",
    "DeadLetter",
    "Dose",
    "Floor",
    "FloorItem",
    "FloorSummary",
    "Heartbeat",
    "LastSetting",
    "Limits",
    "LiveFrame",
    "LiveState",
    "Machine",
    "Mistake",
    "Page",
    "PainPoint",
    "Pair",
    "PastDifference",
    "PastRatio",
    "Patient",
    "PatientRow",
    "Person",
    "Problem",
    "Progress",
    "ProgressPoint",
    "Ready",
    "Reason",
    "RepCurve",
    "RepRow",
    "Series",
    "Session",
    "SessionRow",
    "SetRow",
    "Shape",
    "SideDose",
    "SideLimits",
    "SplitPart",
    "Station",
    "StrengthRatio",
    "Trend",
    "example_of",
]
