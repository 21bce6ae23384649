"""What comes next for a person, in the person's own words."""

from pydantic import Field

from services.api.schemas.day import StationName
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Code, Count, Kind, Nrs, Sentence, SentenceZh


class Stop(Shape):
    """One place of the next visit; a machine is named by its kind, a guided station by its text."""

    station: StationName
    guided: bool = Field(examples=[False])
    minutes: Count
    text_en: Sentence | None
    text_zh: SentenceZh | None


class NextVisit(Shape):
    """The next visit that is booked."""

    starts_at: At
    minutes: Count
    site: str = Field(examples=["Studio Central"])
    stations: list[Stop]


class Morning(Shape):
    """The morning after the last visit; `settled`: no worse than usual, `open`: it may still be answered."""

    visit_at: At
    nrs: Nrs | None
    settled: bool | None = Field(examples=[True])
    open: bool = Field(examples=[False])


class Waiting(Shape):
    """What a clinician must look at before the person trains; `closes` nothing named: every machine."""

    code: Code
    text_en: Sentence
    text_zh: SentenceZh
    emergency: bool = Field(description="the screen shows the emergency text", examples=[False])
    closes: list[Kind]


class Outlook(Shape):
    """What comes next for a person: the visit, the morning's question, what must be checked first."""

    visit: NextVisit | None
    morning: Morning | None
    waiting: list[Waiting]
