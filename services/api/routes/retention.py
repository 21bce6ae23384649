"""What is kept for how long, and how the job that takes it away has run."""

from fastapi import APIRouter

from services.api.context import Here
from services.api.schemas import retention as bodies
from services.privacy import keeping

router = APIRouter(prefix="/v1", tags=["privacy"])


@router.get("/retention", response_model=bodies.Retention)
def read_retention(here: Here) -> keeping.Keeping:
    """Show what is kept for how long, what is due, and the last runs; counts only, of the whole store."""
    return keeping.keeping(here.engine, here.now_ms())
