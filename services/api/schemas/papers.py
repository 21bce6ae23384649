"""Notes, home exercises, answers from the phone, questionnaires, tests."""

from typing import Annotated, Literal

from pydantic import Field

from services.api.schemas.day import StationName
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    Count,
    Deg,
    Id,
    Kind,
    Name,
    Nm,
    Nrs,
    Percent,
    Phase,
    Seconds,
    Sentence,
    SentenceZh,
    Side,
)

Body = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4_000,
        pattern="^[^\x00]+$",
        description="only staff read it",
        examples=["Stiff this morning."],
    ),
]
NoteKind = Annotated[
    Literal["note", "massage"],
    Field(description="a massage lets nothing rise for 48 hours", examples=["note"]),
]
Instrument = Annotated[Literal["nrs", "odi", "roland_morris"], Field(examples=["odi"])]
Test = Annotated[Literal["mobility", "strength"], Field(examples=["strength"])]


class NoteWish(Shape):
    """What staff write down."""

    kind: NoteKind = "note"
    body: Body


class Note(Shape):
    """A note and who wrote it."""

    id: Id
    kind: NoteKind
    body: Body
    by: Name
    at: At


class Exercise(Shape):
    """An exercise without a motor; `closed`: why this person may not be given it."""

    exercise: StationName
    group: str = Field(examples=["stretch"])
    text_en: Sentence
    text_zh: SentenceZh
    steps_en: list[Sentence]
    steps_zh: list[SentenceZh]
    where: list[str] = Field(examples=[["station", "home"]])
    opens: Phase
    minutes: Count
    hold_s: Seconds
    reps: Count
    sets: Count
    rest_s: Seconds
    sided: bool = Field(description="one side, then the other", examples=[False])
    closed: str | None = Field(examples=["Opens with the phase build."])


class Exercises(Shape):
    """The catalogue."""

    items: list[Exercise]


class HomeWish(Shape):
    """An exercise for home; what is left out is as the catalogue has it."""

    exercise: StationName
    times_a_week: Annotated[int, Field(ge=1, le=14, examples=[7])]
    sets: Annotated[int, Field(ge=1, le=6, examples=[2])] | None = None
    reps: Annotated[int, Field(ge=1, le=30, examples=[10])] | None = None
    hold_s: Annotated[int, Field(ge=0, le=60, examples=[5])] | None = None


class HomeExercise(Shape):
    """An exercise for home, and how many days of the last fourteen it was ticked off."""

    id: Id
    exercise: Exercise
    sets: Count
    reps: Count
    hold_s: Seconds
    times_a_week: Count
    since: At
    days_done: Count
    days_expected: Count
    adherence_pct: Percent | None
    done_today: bool = Field(examples=[False])


class HomeExercises(Shape):
    """The exercises that hold."""

    items: list[HomeExercise]


class NeutralWish(Shape):
    """Whether the person finds a neutral spine."""

    finds: bool = Field(examples=[True])


class AnswerWish(Shape):
    """An answer from the phone, once a day; the morning's pain is that of the day after the last visit."""

    question: Literal["pain_next_morning", "readiness"] = Field(examples=["pain_next_morning"])
    value: Nrs


class Item(Shape):
    """One item of a questionnaire; its wording is on the studio's form."""

    id: str = Field(examples=["walking"])
    text_en: Sentence
    text_zh: SentenceZh


class Form(Shape):
    """A questionnaire: `most` points an item, `least` items that must be answered."""

    instrument: Instrument
    text_en: Sentence
    text_zh: SentenceZh
    most: Count
    least: Count
    items: list[Item]


class FilledForm(Shape):
    """Answers by item."""

    answers: dict[Annotated[str, Field(pattern="^[a-z_]{1,32}$")], Annotated[int, Field(ge=0, le=10)]] = (
        Field(max_length=24, examples=[{"pain": 4}])
    )


class Score(Shape):
    """The score: points, or per cent for odi."""

    score: float = Field(examples=[24.0])


class Due(Shape):
    """A questionnaire that is asked for."""

    instrument: Instrument
    week: Count
    since: At


class Scored(Shape):
    """A questionnaire as it was answered; `week` null = between."""

    id: Id
    instrument: Instrument
    week: Count | None
    score: float = Field(examples=[24.0])
    at: At


class Judged(Shape):
    """The change from the first to the last answer, against the minimal important change."""

    instrument: Instrument
    verdict: Literal["improved", "worse", "inside_error", "not_enough_data"] = Field(examples=["improved"])
    by: float | None = Field(examples=[12.0])
    needed: float | None = Field(examples=[10.0])


class Questionnaires(Shape):
    """What is asked for, what was answered, and what it says."""

    due: list[Due]
    items: list[Scored]
    changes: list[Judged]


class TestWish(Shape):
    """A test for the next session on a kind of machine."""

    kind: Kind
    test: Test


class TestOrder(Shape):
    """A test that waits for its session."""

    id: Id
    kind: Kind
    test: Test
    ordered_at: At


class TestTry(Shape):
    """One try of a test."""

    kind: Kind
    test: Test
    side: Side
    angle_deg: Deg
    peak_nm: Nm
    mean_3s_nm: Nm
    range_deg: Deg
    attempt: Count
    at: At


class Tests(Shape):
    """Tests that wait, and the tries of those that were done, the newest first."""

    waiting: list[TestOrder]
    tries: list[TestTry]
