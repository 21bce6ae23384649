"""Who is looking, at which service, and proving again who one is."""

from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.api.terms import Reason
from dashboard.client import Client, Failure, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which service this is; `zone` is the studio's, `attention` what staff must know of the studio."""

    name: str
    version: str
    demo: bool
    zone: str
    attention: tuple[Reason, ...] = ()
    sign_in: bool = False  # nothing is shown to people who have not signed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who has signed in; `patient` is the own id of a patient."""

    id: str
    name: str
    role: str
    mark: str = ""  # the same as the service gives what a page asks for by itself
    patient: str | None = None
    language: str | None = None
    sites: tuple[str, ...] | None = None  # None = every site
    provider: str | None = None  # the identity provider from which staff came
    zone: str | None = None  # of the site where that holds; of the first one where it holds at several
    stepped_up_until: datetime | None = None


def read_about(client: Client) -> About | Failure:
    """Ask which service this is."""
    return client.get("/v1/about", About)


def read_me(client: Client) -> Viewer | Failure:
    """Ask who has signed in."""
    return client.get("/v1/me", Viewer)


def sign_out(client: Client) -> Failure | None:
    """End the viewer's sign-in."""
    return client.do(Order(path="/v1/sign-out"))


def step_up(client: Client, proof: dict[str, str]) -> Failure | None:
    """Prove again who one is: `passphrase` and `code` of staff, or the `pin` of a patient."""
    answer = client.do(Order(path="/v1/step-up", body=proof))
    if answer is not None and answer.reason == "signed_out":
        return replace(answer, reason="wrong_proof")
    return answer
