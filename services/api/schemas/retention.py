"""What is kept for how long."""

from typing import Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count


class Kept(Shape):
    """What is kept for how many days, and how many rows are due now; null: until the person is erased."""

    what: Literal["sign_ins", "transit", "curves", "messages", "sessions", "entries", "identity"] = Field(
        examples=["curves"]
    )
    term_days: float | None = Field(examples=[90.0])
    due: Count | None
    is_due_more: bool = Field(description="counting ended there: as many or more", examples=[False])


class RetentionRun(Shape):
    """One run of the retention job; without an end it did not come to it."""

    started_at: At
    finished_at: At | None
    removed: dict[str, int] = Field(description="rows by what was kept", examples=[{"curves": 12_400}])


class Retention(Shape):
    """Terms, what is due by them, and the last runs, newest first; the job is started once a day."""

    kept: list[Kept]
    runs: list[RetentionRun]
    has_usual_terms: bool = Field(description="no run has said others yet", examples=[False])
    next_at: At | None
    is_late: bool = Field(examples=[False])
