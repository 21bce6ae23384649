"""What-if: a patient's history under another policy or other limits. Nothing is sent and nothing is kept."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from contract.messages import Phase
from ml import artifact
from services.api.deps import KindFilter, PatientId, SideFilter, Sight
from services.api.problems import bad_value
from services.api.schemas import WhatIf
from services.insights import whatif
from services.store.reading import whatif as store

router = APIRouter(prefix="/v1/patients", tags=["patients"])
Policy = Annotated[str | None, Query(pattern="^[a-z0-9_]{1,64}$", description="else the one that decided")]
Kilograms = Annotated[float | None, Query(ge=0, le=200)]
Degrees = Annotated[float | None, Query(ge=-180, le=180, description="degrees of travel")]
Pain = Annotated[int | None, Query(ge=0, le=10)]
Simulate = Annotated[bool, Query(description="go on from the other doses, as the belief expects")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsQuery:
    """Limits to try, unsigned; what is not given stays as signed."""

    max_load_kg: Kilograms = None
    phase: Phase | None = None
    phase_cap_kg: Kilograms = None
    lowest_deg: Degrees = None
    highest_deg: Degrees = None
    pain_green_nrs: Pain = None
    pain_amber_nrs: Pain = None


Limits = Annotated[LimitsQuery, Depends()]


@router.get("/{patient_id}/whatif", response_model=WhatIf)
def read_whatif(  # noqa: PLR0913 (each is a parameter of the query)
    patient_id: PatientId,
    sight: Sight,
    limits: Limits,
    policy: Policy = None,
    kind: KindFilter = None,
    side: SideFilter = None,
    *,
    simulate: Simulate = False,
) -> whatif.WhatIf:
    """Ask every logged question of a patient once more, under another policy or other limits."""
    person = sight.patient(patient_id)
    if policy not in (None, *whatif.policies()):
        raise bad_value("query.policy", f"one of {', '.join(whatif.policies())}")
    question = whatif.Question(policy=policy, limits=whatif.AskedLimits(**asdict(limits)), simulated=simulate)
    asked = store.done_sets(sight.connection, person.id, kind, side)
    return whatif.picture(person.code, asked, question, artifact.default)
