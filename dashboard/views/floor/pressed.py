"""Which button was pressed, held against what the page itself has read of that machine."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.api.floor import Floor, Tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The machine of a button; `is_same`: with the session and the person that the viewer saw there."""

    tile: Tile
    is_same: bool


def pressed(floor: Floor | None, told: Mapping[str, str | None]) -> Pressed:
    """Find the machine that the browser has `told` of: id and name, session and person seen there.

    Where these are others by now, the tile names the machine alone: nothing reaches somebody else by it.
    """
    machine = told["machine"] or ""
    for tile in floor.items if floor is not None else ():
        person = tile.patient.id if tile.patient else None
        if (tile.machine, tile.session, person) == (machine, told.get("session"), told.get("patient")):
            return Pressed(tile=tile, is_same=True)
    return Pressed(tile=_machine_alone(machine, told.get("name") or machine), is_same=False)


def _machine_alone(machine: str, name: str) -> Tile:
    return Tile(
        machine=machine,
        name=name,
        kind=None,
        online=True,
        state="unknown",
        light="idle",
        attention=(),
        patient=None,
        session=None,
        set=None,
        side=None,
        sets_planned=None,
        rep=None,
        reps_planned=None,
        load_kg=None,
        clinical_start_deg=None,
        clinical_end_deg=None,
        last_setting=None,
        seen_at=None,
        stale=True,
        hold=None,
        overridden=False,
        hands_on=False,
        sounds=False,
    )
