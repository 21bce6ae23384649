"""Values with their unit, one example each; every other schema is made of them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contract import messages
from services.api.schemas.shape import Shape

Id = Annotated[str, Field(examples=["6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"], max_length=64)]
Name = Annotated[str, Field(examples=["Chan Mei Ling"])]
MachineId = Annotated[str, Field(examples=["rotation-1"])]
MachineName = Annotated[str, Field(description="for people", examples=["Rotation 1"])]
Kind = Annotated[str, Field(description="machine kind of the catalogue", examples=["trunk_rotation"])]
Code = Annotated[str, Field(description="stable word for programs", examples=["all_good"])]
Sentence = Annotated[str, Field(examples=["Two good sets: a little more weight."])]
SentenceZh = Annotated[str, Field(examples=["兩組都做得好:重量稍為增加。"])]
At = Annotated[AwareDatetime, Field(description="RFC 3339, UTC", examples=["2026-11-21T06:30:00Z"])]
Count = Annotated[int, Field(ge=0, examples=[8])]
Years = Annotated[int, Field(ge=0, examples=[72])]
Kg = Annotated[float, Field(description="kilograms", examples=[12.5])]
Deg = Annotated[float, Field(description="degrees of travel, 0 = neutral", examples=[24.0])]
ClinicalDeg = Annotated[float, Field(description="degrees as clinicians read them", examples=[48.0])]
DegS = Annotated[float, Field(description="degrees per second", examples=[21.4])]
Nm = Annotated[float, Field(description="newton metres, gravity-compensated", examples=[61.2])]
Joule = Annotated[float, Field(description="joules", examples=[412.0])]
Seconds = Annotated[float, Field(description="seconds", examples=[2.0])]
Percent = Annotated[float, Field(description="per cent", examples=[-7.4])]
Ratio = Annotated[float, Field(examples=[0.68])]
Nrs = Annotated[int, Field(ge=0, le=10, description="pain 0-10", examples=[3])]
Side = Annotated[messages.Side, Field(examples=["left"])]
Mode = Annotated[messages.Mode, Field(examples=["train"])]
Phase = Annotated[messages.Phase, Field(examples=["build"])]
Profile = Annotated[messages.Profile, Field(examples=["rehab"])]
Question = Annotated[messages.Question, Field(examples=["pain_set"])]
EndedBy = Annotated[messages.EndedBy, Field(examples=["target"])]
Light = Annotated[
    Literal["red", "amber", "fine", "idle"],
    Field(description="who needs staff; patients are never idle", examples=["fine"]),
]
State = Annotated[
    Literal["proposed", "planned", "pending", "applied", "refused", "expired"],
    Field(
        description="what became of it at the machine; planned = a row of the plan, pending = sent, "
        "proposed = waits until staff confirm it",
        examples=["applied"],
    ),
]


class Reason(Shape):
    """One reason as code, values and a sentence in both languages."""

    code: Code
    values: dict[str, int | str] = Field(examples=[{"delta_g": 500}])
    text_en: Sentence
    text_zh: SentenceZh


class Person(Shape):
    """A patient by name, never by number alone."""

    id: Id
    name: Name


class Dose(Shape):
    """Weight, amplitude and work of a set; `work_s` 0 = by reps. Clinical angles are for screens."""

    load_kg: Kg
    start_deg: Deg
    end_deg: Deg
    clinical_start_deg: ClinicalDeg
    clinical_end_deg: ClinicalDeg
    reps: Count
    work_s: Seconds
    tempo_s: list[Seconds] = Field(
        description="concentric, hold, eccentric; empty when unknown", examples=[[2.0, 0.0, 3.0]]
    )
    rest_s: Seconds | None
