"""`shadow report`: what challengers would have done on the questions that the champion has answered."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from services.insights.model import InShadow


def report(
    *,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL; else OPENSPINE_DATABASE_URL.")] = None,
    policy: Annotated[str | None, Parameter(help="This challenger only.")] = None,
    origin: Annotated[
        Literal["real", "sim"] | None, Parameter(help="Real or simulated people; else as the service shows.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Say how far each challenger is from the champion, and why it may not act yet.

    Exit code 3 when nobody has been in shadow or there is no database, 4 when none answers.
    """
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings()
    whose = origin or settings.origin or ("sim" if settings.demo else "real")
    found = [
        one for one in _challengers(database, whose, settings.shadow_least) if policy in (None, one.policy)
    ]
    if not found:
        raise Failure(
            f"nobody has been in shadow on {whose} people: set OPENSPINE_SHADOW_POLICY", ExitCode.NOT_FOUND
        )
    rows = [asdict(one) for one in found]
    hand_over(
        {"ok": True, "origin": whose, "least": settings.shadow_least, "challengers": rows},
        as_json=json,
        lines=[line for one in found for line in _lines(one)],
    )


def _challengers(url: str | None, origin: Any, least: int) -> "list[InShadow]":
    from openspine.reading import reading  # noqa: PLC0415 (heavy)
    from services.insights.model import in_shadow  # noqa: PLC0415 (heavy)
    from services.store.reading import model as store  # noqa: PLC0415 (heavy)

    with reading(url) as connection:
        return [
            in_shadow(row.policy, row.model, store.shadows(connection, origin, row.policy, row.model), least)
            for row in store.challengers(connection, origin)
        ]


def _lines(one: "InShadow") -> list[str]:
    """Say it in a few lines for people."""
    found = one.report
    agreement = "-" if found.agreement is None else f"{found.agreement:.1%}"
    difference = "-" if found.load_difference_pct is None else f"{found.load_difference_pct:+.2f} %"
    lines = [
        f"{one.policy} with {one.model}: N = {found.decisions} decisions, {found.failed} failed",
        f"  agrees {agreement}, load {difference}, violations {found.violations}",
        f"  raises while it holds {found.raised_while_held}, the other way {found.held_while_raised}",
    ]
    for name, chance in (("champion", found.champion), ("challenger", found.challenger)):
        known = "too few sets" if chance.predicted is None else f"{chance.predicted} / {chance.observed}"
        lines.append(f"  P(RIR < 1) predicted / observed, {name}: {known} (N = {chance.sets})")
    return [*lines, f"  may not act: {one.may_not_act}" if one.may_not_act else "  may act"]
