"""Who somebody is: enrolment, badge and PIN, language, another site, coming no more and coming back."""

from dataclasses import dataclass
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCard:
    """A badge or PIN, shown this once; limits of these kinds must be renewed before it opens the machines."""

    kind: str
    pin: str | None
    limits_to_renew: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledPatient:
    """Who joined. The PIN is shown this once; `emergency`: show the emergency text now."""

    id: str
    code: str
    pin: str | None
    closed_kinds: tuple[str, ...]
    emergency: bool


def enrol_patient(client: Client, site: str, person: dict[str, Any]) -> EnrolledPatient | Failure:
    """Enrol a person; the PIN is in this answer and nowhere else."""
    return client.send(Order(path=path("/v1/sites/{}/patients", site), body=person), EnrolledPatient)


def change_patient(
    client: Client, patient: str, changes: dict[str, Any], version: str = ""
) -> Failure | None:
    """Change what was asked at enrolment; `set_up` on top of the `version` of the file that was seen."""
    where = path("/v1/patients/{}", patient)
    return client.do(Order(method="PATCH", path=where, body=changes, version=version))


def set_language(client: Client, patient: str, language: str) -> Failure | None:
    """Choose the language of machine screens and of the person's own pages."""
    where = path("/v1/patients/{}/language", patient)
    return client.do(Order(method="PUT", path=where, body={"language": language}))


def issue_badge(client: Client, patient: str, badge: str) -> IssuedCard | Failure:
    """Give a badge; the one before opens nothing any more."""
    where = path("/v1/patients/{}/badge", patient)
    return client.send(Order(method="PUT", path=where, body={"badge": badge}), IssuedCard)


def issue_pin(client: Client, patient: str) -> IssuedCard | Failure:
    """Make a new PIN, shown this once; the one before opens nothing any more."""
    return client.send(Order(path=path("/v1/patients/{}/pin", patient)), IssuedCard)


def lock_card(client: Client, patient: str, card: str, *, locked: bool) -> Failure | None:
    """Lock a badge or PIN until staff open it again, or open it."""
    where = path("/v1/patients/{}/cards/{}/lock", patient, card)
    return client.do(Order(method="PUT", path=where, body={"locked": locked}))


def take_card_away(client: Client, patient: str, card: str) -> Failure | None:
    """Take a badge or PIN away."""
    return client.do(Order(method="DELETE", path=path("/v1/patients/{}/cards/{}", patient, card)))


def move_patient(client: Client, patient: str, site: str, reason: str) -> Failure | None:
    """Let the person train at another site from now on."""
    where = path("/v1/patients/{}/site", patient)
    return client.do(Order(method="PUT", path=where, body={"site": site, "reason": reason}))


def archive_patient(client: Client, patient: str, reason: str) -> Failure | None:
    """Let the person come no more; everything is kept."""
    return client.do(Order(path=path("/v1/patients/{}/archive", patient), body={"reason": reason}))


def bring_back_patient(client: Client, patient: str, reason: str) -> Failure | None:
    """Let an archived person come again."""
    return client.do(Order(path=path("/v1/patients/{}/return", patient), body={"reason": reason}))
