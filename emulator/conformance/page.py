"""The table of rules in docs/conformance.md, written from the rules themselves."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from emulator.conformance.rule import Rule

BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"
MARKS = {(True, True): "assisted, port", (True, False): "assisted", (False, True): "port", (False, False): ""}


def table(rules: Iterable[Rule]) -> str:
    """Write the rules as a Markdown table."""
    return "\n".join(_lines(rules))


def with_table(page: str, rules: Iterable[Rule]) -> str:
    """Put the table between the marks of a page; ValueError when they are not there."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table(rules)}\n{END}{after}"


def write(path: Path, rules: Iterable[Rule]) -> None:
    """Write the table of a page anew."""
    path.write_text(with_table(path.read_text(encoding="utf-8"), rules), encoding="utf-8")


def anchors(page: str) -> frozenset[str]:
    """List the anchors of a Markdown page's headings, as they are made where it is shown."""
    found = (line.lstrip("#").strip() for line in page.splitlines() if line.startswith("#"))
    return frozenset(_anchor(title) for title in found)


def _anchor(title: str) -> str:
    kept = "".join(one for one in title.lower() if one.isalnum() or one in " -")
    return kept.replace(" ", "-")


def _lines(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| id | level | section | the kit | must see | needs |"
    yield "|---|---|---|---|---|---|"
    for one in rules:
        section = f"[{one.section}](protocol.md#{one.section})"
        needs = MARKS[one.assisted, one.door]
        yield f"| {one.id} | {one.level} | {section} | {one.does} | {one.sees} | {needs} |"
