"""Who asks, and whether they may: in front of every route, by the table of rights."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request

from contract.messages import Origin
from services.access import Actor, Thing, authorize, may
from services.api import problems
from services.api.context import Context, Here
from services.api.door import ANONYMOUS, READING, check_origin, token_of
from services.api.problems import Refused, bad_value, not_found
from services.api.rights import RIGHTS, Right
from services.store import tokens
from services.store.engine import writing
from services.store.reading import actors, owners
from services.store.reads import EVERYBODY

PERSONAL = ("patient", "session", "decision", "visit", "floor", "limits", "alert")  # kinds that show people

OriginChoice = Annotated[Origin | None, Query(description="real or simulated data; usually as `about` says")]


def actor(request: Request, here: Here) -> Actor:
    """Say who asks: whose token it is, or everybody where people need not sign in."""
    if not here.identity.sign_in:
        return Actor(id="studio", name="studio", role="studio")
    token, now_ms = token_of(request), here.now_ms()
    if token is None:
        return ANONYMOUS
    with here.engine.connect() as connection:
        found = actors.signed_in(connection, token, now_ms)
    if found is None:
        return ANONYMOUS
    if found.is_stale:
        with writing(here.engine) as connection:
            tokens.touch(connection, token, now_ms)
    return found.actor


async def asked_origin(here: Here, origin: OriginChoice = None) -> Origin:
    """Say whose data are meant; as a plain function it would take a thread for it."""
    return origin or here.identity.origin


AskedOrigin = Annotated[Origin, Depends(asked_origin)]


def admit(request: Request, here: Here, origin: AskedOrigin, who: Annotated[Actor, Depends(actor)]) -> Actor:
    """Let the actor through; unknown people get 401, a role that never may 403, foreign objects are 404."""
    check_origin(request, here.door)
    name = request.scope["route"].name
    if name not in RIGHTS:
        raise Refused(HTTPStatus.FORBIDDEN, "Nobody may do this.")
    right = RIGHTS[name]
    if right is None:
        return who
    if not may(who.role, right.action, right.kind):
        if who.role == "anonymous":
            raise Refused(HTTPStatus.UNAUTHORIZED, "Sign in first.")
        raise Refused(HTTPStatus.FORBIDDEN, "Your role may not do this.")
    whose = None
    if right.by is not None:
        whose = _find(here, who, right, request.path_params[right.by], origin).patient
    if right.step_up and not who.stepped_up:
        raise Refused(HTTPStatus.FORBIDDEN, "Prove again who you are: step up first.", kind=problems.STEP_UP)
    if request.method in READING and _shows_people(right, who):
        _note_look(here, who, name, whose)
    return who


def _shows_people(right: Right, who: Actor) -> bool:
    """Tell whether who looks there sees people: of other kinds, such as a search, those who may read them."""
    return right.shows_people and (right.kind in PERSONAL or may(who.role, "read", "patient"))


def _note_look(here: Context, who: Actor, screen: str, whose: str | None) -> None:
    """Write down that somebody looked at another person's data; None = at a list."""
    if here.reads is None or who.role == "studio" or whose == who.id or (whose is None and who.scope.patient):
        return
    here.reads.note(
        actor=who.id, screen=screen, thing="patient", thing_id=whose or EVERYBODY, at_ms=here.now_ms()
    )


def _find(here: Context, who: Actor, right: Right, thing_id: str, origin: Origin) -> owners.Owner:
    """Refuse what is not there and what is not the actor's in the same words; say whose it is."""
    assert right.by is not None  # noqa: S101 (its caller asks)
    if not owners.is_well_formed(right.by, thing_id):
        raise bad_value(f"path.{right.by}", "Not of the shape of such an id.")
    with here.engine.connect() as connection:
        owner = owners.owner(connection, right.by, thing_id, origin)
    if owner is not None:
        thing = Thing(kind=right.kind, origin=origin, id=thing_id, site=owner.site, patient=owner.patient)
        if authorize(who, right.action, thing):
            return owner
    raise not_found(right.kind.replace("_", " "))


Admitted = Annotated[Actor, Depends(admit)]
