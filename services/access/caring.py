"""Roles that show people's health: who lets somebody into one does not do it alone."""

from collections.abc import Collection, Mapping, Sequence

from services.access.actor import Role

CARING: Mapping[str, int] = {"therapist": 1, "clinician": 2}  # the higher, the more it may


def is_raised(before: Collection[tuple[str, str | None]], role: Role, sites: Sequence[str] | None) -> bool:
    """Tell whether a role at these sites shows more than those (role, site) before; None = everywhere."""
    if role not in CARING:
        return False
    held = {site for had, site in before if CARING.get(had, 0) >= CARING[role]}
    return None not in held and (sites is None or not set(sites) <= held)
