"""Bodies of enrolment: who somebody is, what excludes from machines, consents, badges and PINs."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from contract.messages.vocabulary import PLAIN_TEXT
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Id, Kind, Nrs, Profile

NAME_MOST, TEXT_MOST, KINDS_MOST, ENTRIES_MOST = 120, 500, 10, 40
STATIONS_MOST = 6  # machines of a visit
PersonName = Annotated[
    str, Field(min_length=1, max_length=NAME_MOST, pattern=PLAIN_TEXT, examples=["Chan Mei Ling"])
]
PersonCode = Annotated[
    str,
    Field(pattern="^[A-Za-z0-9-]{3,32}$", description="what the person types", examples=["P-0007"]),
]
Badge = Annotated[str, Field(min_length=4, max_length=64, pattern=PLAIN_TEXT, examples=["04A2B91C"])]
BirthYear = Annotated[int, Field(ge=1900, le=2100, examples=[1954])]
Sex = Annotated[Literal["female", "male"], Field(examples=["female"])]
MassKg = Annotated[float, Field(ge=20, le=300, description="kilograms", examples=[52.0])]
HeightM = Annotated[float, Field(ge=0.9, le=2.5, description="metres", examples=[1.56])]
Language = Annotated[Literal["en", "zh-HK"], Field(examples=["zh-HK"])]
Why = Annotated[
    str, Field(min_length=1, max_length=TEXT_MOST, pattern=PLAIN_TEXT, examples=["X-ray is clear."])
]
Note = Annotated[str, Field(max_length=TEXT_MOST, pattern=PLAIN_TEXT, examples=["T-score -2.7"])]
ConditionName = Annotated[str, Field(pattern="^[a-z_]{1,64}$", examples=["osteoporosis"])]
Kinds = Annotated[list[Kind], Field(max_length=KINDS_MOST, examples=[["lumbar_extension", "trunk_rotation"]])]
Circuit = Annotated[
    list[Kind], Field(max_length=STATIONS_MOST, examples=[["lumbar_extension", "trunk_rotation"]])
]
SetUp = Annotated[
    dict[
        Annotated[str, Field(pattern="^[a-z_]{1,64}$")],
        dict[
            Annotated[str, Field(pattern="^[a-z_]{1,32}$")],
            int | Annotated[str, Field(max_length=32, pattern=PLAIN_TEXT)],
        ],
    ],
    Field(description="seat and pads by machine kind", examples=[{"lumbar_extension": {"seat": 4}}]),
]
Systolic = Annotated[int, Field(ge=50, le=300, description="mmHg", examples=[150])]
Diastolic = Annotated[int, Field(ge=20, le=200, description="mmHg", examples=[85])]
Purpose = Annotated[Literal["training", "research", "reminders"], Field(examples=["training"])]
BackPain = Annotated[bool, Field(examples=[True])]


class NewExclusion(Shape):
    """A condition of the catalogue; the date where it ends some weeks after it."""

    condition: ConditionName
    since_day: date | None = Field(default=None, examples=["2026-09-01"])
    note: Note = ""


class NewConsent(Shape):
    """What a person agrees to, or no longer does, in a version of the text."""

    purpose: Purpose
    version: str = Field(pattern="^[A-Za-z0-9._-]{1,32}$", examples=["2026-10"])
    given: bool = Field(examples=[True])


class NewPressure(Shape):
    """A blood pressure."""

    systolic_mmhg: Systolic
    diastolic_mmhg: Diastolic


class NewPatient(Shape):
    """All that is asked at enrolment; red-flag questions that were answered with yes are exclusions too."""

    name: PersonName
    birth_year: BirthYear
    sex: Sex
    mass_kg: MassKg
    height_m: HeightM
    language: Language
    baseline_nrs: Nrs
    back_pain: BackPain = True
    stations: Circuit
    set_up: SetUp = Field(default_factory=dict)
    red_flags_asked: Literal[True] = Field(description="nobody joins without", examples=[True])
    exclusions: list[NewExclusion] = Field(max_length=ENTRIES_MOST)
    consents: list[NewConsent] = Field(min_length=1, max_length=3)
    blood_pressure: NewPressure | None = None
    code: PersonCode | None = Field(default=None, description="made up when it is left out")
    badge: Badge | None = None
    with_pin: bool = Field(default=True, examples=[True])


class EnrolledPatient(Shape):
    """Who joined. The PIN is shown this once; `emergency`: show the emergency text now."""

    id: Id
    code: PersonCode
    pin: str | None = Field(examples=["492713"])
    closed_kinds: Kinds
    emergency: bool = Field(examples=[False])


class PatientChange(Shape):
    """What changes; what is left out stays."""

    name: PersonName | None = None
    birth_year: BirthYear | None = None
    sex: Sex | None = None
    mass_kg: MassKg | None = None
    height_m: HeightM | None = None
    language: Language | None = None
    baseline_nrs: Nrs | None = None
    back_pain: BackPain | None = None
    stations: Circuit | None = None
    set_up: SetUp | None = None


class ChosenLanguage(Shape):
    """The language of somebody's screens."""

    language: Language


class Because(Shape):
    """Why."""

    reason: Why


class OtherSite(Because):
    """Where the person trains from now on."""

    site: str = Field(pattern="^[a-z0-9-]{1,64}$", examples=["kowloon"])


class NewProfile(Because):
    """Healthy members are released to `studio` by staff."""

    profile: Profile


class PainSignature(Shape):
    """What may rise with pain: `settled` at 4-5, as usual for this person; `baseline` high or up, 28 days."""

    what: Literal["settled", "baseline"] = Field(examples=["baseline"])


class NewBadge(Shape):
    """The badge that opens the machines from now on."""

    badge: Badge


class Lock(Shape):
    """Whether it opens nothing until staff open it again."""

    locked: bool = Field(examples=[True])


class IssuedCard(Shape):
    """A badge or PIN, shown this once; limits of these kinds must be renewed before it opens the machines."""

    kind: Literal["badge", "pin"] = Field(examples=["pin"])
    pin: str | None = Field(examples=["492713"])
    limits_to_renew: Kinds


class Condition(Shape):
    """One condition of the catalogue."""

    name: ConditionName
    group: Literal["bone", "clear_first", "red_flag"] = Field(examples=["bone"])
    closes: list[Kind] = Field(description="machine kinds; `*` = every kind", examples=[["lumbar_flexion"]])
    weeks: int | None = Field(description="closed so long after its date", examples=[12])
    emergency: bool = Field(description="show the emergency text", examples=[False])
    decompression: bool = Field(description="the decompression device is open", examples=[False])
    text_en: str = Field(examples=["Osteoporosis or a risk of it"])
    text_zh: str = Field(examples=["骨質疏鬆或有相關風險"])


class Exclusion(Shape):
    """A condition as it was told, and who cleared it."""

    id: Id
    condition: ConditionName
    text_en: str = Field(examples=["Osteoporosis or a risk of it"])
    text_zh: str = Field(examples=["骨質疏鬆或有相關風險"])
    since_day: date | None = Field(examples=["2026-09-01"])
    note: Note
    entered_at: At
    ends_at: At | None
    open: bool = Field(examples=[True])
    closes: list[Kind]
    cleared_at: At | None
    cleared_reason: str | None = Field(examples=["X-ray is clear."])


class Consent(Shape):
    """The newest statement of one purpose."""

    purpose: Purpose
    version: str = Field(examples=["2026-10"])
    given: bool = Field(examples=[True])
    at: At


class Pressure(Shape):
    """A measured blood pressure."""

    at: At
    systolic_mmhg: Systolic
    diastolic_mmhg: Diastolic


class Card(Shape):
    """A badge or PIN, without what it says."""

    kind: Literal["badge", "pin"] = Field(examples=["badge"])
    locked: bool = Field(examples=[False])


class PatientFile(Shape):
    """What was asked at enrolment and since."""

    id: Id
    site: str = Field(examples=["kowloon"])
    height_m: HeightM
    set_up: SetUp
    archived_at: At | None
    exclusions: list[Exclusion]
    closed_kinds: Kinds
    pressures: list[Pressure]
    consents: list[Consent]
    cards: list[Card]
    pain_signed: bool = Field(examples=[False])
    baseline_nrs: Nrs
    baseline_signed_nrs: Nrs | None
    baseline_signed_until: At | None
    finds_neutral: bool = Field(description="staff have noted a neutral spine", examples=[True])
