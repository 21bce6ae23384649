"""Standing on one leg and rising from a chair: apart from what machines measure."""

from typing import Annotated

from fastapi import APIRouter, Path

from contract.messages.vocabulary import UUID_PATTERN
from services.api.answering import act, done
from services.api.deps import Doing, PatientId, Sight
from services.api.schemas.day import Made
from services.api.schemas.functional import FunctionalTests, FunctionalTestWish
from services.insights import functional as insight
from services.insights.units import at
from services.office import functional
from services.store import functional as store
from services.store import papers

router = APIRouter(prefix="/v1", tags=["papers"])
FunctionalTestId = Annotated[str, Path(pattern=UUID_PATTERN)]


@router.get("/patients/{patient_id}/functional-tests", response_model=FunctionalTests)
def list_functional_tests(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """Show standing on one leg and rising from a chair: what is due, the change, a published figure."""
    person = sight.patient(patient_id)
    rows = store.listing(sight.connection, patient_id, sight.origin)
    first_ms = papers.first_visit_ms(sight.connection, patient_id, sight.origin)
    who = insight.Person(age_years=at(sight.now_ms).year - person.birth_year, sex=person.sex)
    due = functional.due_of(rows, first_ms, sight.now_ms)
    return {
        "due": [{"test": one.test, "week": one.week, "since": at(one.since_ms)} for one in due],
        "standings": insight.standings(rows, who),
        "items": [insight.entry(row) for row in rows],
    }


@router.post("/patients/{patient_id}/functional-tests", status_code=201, response_model=Made)
def enter_functional_test(patient_id: PatientId, wish: FunctionalTestWish, doing: Doing) -> dict[str, str]:
    """Enter what was measured with a stopwatch; a test that is due is that of its week."""
    entered = functional.Entered(**wish.model_dump())
    place = (doing.origin, act(doing))
    return {"id": done(functional.enter(doing.connection, patient_id, entered, place))}


@router.post("/functional-tests/{functional_test_id}/withdraw", status_code=204)
def withdraw_functional_test(functional_test_id: FunctionalTestId, doing: Doing) -> None:
    """Withdraw a test that was entered by mistake."""
    done(functional.withdraw(doing.connection, functional_test_id, act(doing)))
