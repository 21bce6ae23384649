"""The page about scaling says of every table how it reaches its site."""

import re
from pathlib import Path

from services.store import tables

PAGE = Path(__file__).parents[3] / "docs" / "scaling.md"
CARRYING = {"patient", "machine", "booking", "screen", "staff_role"}


def test_every_table_has_a_way_to_its_site_or_stands_under_none() -> None:
    table = PAGE.read_text(encoding="utf-8").split("| way to the site |")[1].split("\n\n")[0]
    named = [name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[2])]
    assert sorted(named) == sorted(tables.metadata.tables)
    assert {name for name, one in tables.metadata.tables.items() if "site_id" in one.c} == CARRYING
