"""The model card as a page in Markdown: generated from the card of an artifact, never edited by hand."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final

from ml.artifact import ALLOWED, Bounds, Card
from ml.effort.bands import LEVELS, RIR_KNOWN, Margins
from ml.training.train import SHARES

COMMAND: Final = "./studio model card --out docs/model-card.md"
USUAL: Final = 0.20  # chance of a miss: an 80 % band
MOVES: Final = {1: "rises", -1: "falls", 0: "free"}
TITLES: Final = {
    "coverage": "share inside the 80 % band",
    "width_reps": "width of the band, reps",
    "mae_reps": "mean absolute error, reps",
    "coverage_near_failure": "share inside the band, 5 reps in reserve or fewer",
    "width_reps_near_failure": "width of the band there, reps",
    "mae_reps_near_failure": "mean absolute error there, reps",
    "sets_near_failure": "sets there",
    "coverage_worst_decile_of_people": "share inside the band, worst tenth of people",
    "worst_decile_by_chance_alone": "what chance alone would make of the worst tenth",
    "bounds_held": "share of bounds that held, where only a bound is claimed",
    "mae_of_all_sets_reps": "mean absolute error of all sets, reps",
    "mae_of_the_median_reps": "mean absolute error of always saying the median, reps",
    "held_out_people": "people kept apart",
}


def page(card: Card, signed_by: str | None) -> str:
    """Write the page of a card; `signed_by` is the id of the key that vouches for it."""
    bounds = Bounds()
    template = files("ml.training").joinpath("model_card.md").read_text(encoding="utf-8")
    return template.format(
        name=card.name,
        command=COMMAND,
        made_of="\n".join(_made_of(card)),
        features="\n".join(_features(card)),
        margins="\n".join(_margins(card.margins)),
        miss=f"{USUAL:.0%}",
        figures="\n".join(_figures(card.figures)),
        strata="\n".join(_strata(card.strata)),
        identity="\n".join(_identity(card, signed_by)),
        bound_from=card.bound_from,
        cpu_s=bounds.cpu_s,
        memory_mb=bounds.memory_bytes // 1_000_000,
    )


def _made_of(card: Card) -> Iterator[str]:
    trees, margin, figures = SHARES
    yield f"- N = {card.sets} finished sets of {card.people} emulated people, seed {card.seed}"
    yield f"- Split by person: {trees:.0%} for the trees, {margin:.0%} for the margin of the band,"
    yield f"  {figures:.0%} for the figures of this page; nobody is in two parts"
    yield f"- Table (SHA-256 of its columns): `{card.table}`"
    yield f"- Gradient-boosted quantiles .1, .5, .9 by scikit-learn {card.sklearn}"


def _margins(margins: Margins) -> Iterator[str]:
    place = LEVELS.index(USUAL)
    yield "| middle of the band, reps | below | above |"
    yield "|---|---|---|"
    for band in margins.bands:
        name = f"under {band.until_rir:g}" if band.until_rir < RIR_KNOWN else "beyond"
        yield f"| {name} | {band.below[place]:z.2f} | {band.above[place]:z.2f} |"
    yield f"| only a lower end is claimed | {margins.bound[place]:z.2f} | - |"


def _features(card: Card) -> Iterator[str]:
    yield "| feature | reserve, as it grows | 10 % | middle | 90 % | missing |"
    yield "|---|---|---|---|---|---|"
    signs = dict(zip(card.features, card.monotonic, strict=False))
    for name in card.features:
        bins = card.reference.get(name)
        edges = bins.edges if bins else ()
        spread = (edges[0], edges[len(edges) // 2], edges[-1]) if edges else ()
        shown = " | ".join(f"{value:.3g}" for value in spread) if spread else "- | - | -"
        missing = f"{bins.missing:.1%}" if bins else "-"
        yield f"| {name} | {MOVES[signs[name]] if name in signs else '-'} | {shown} | {missing} |"


def _figures(figures: Mapping[str, float]) -> Iterator[str]:
    yield "| figure | value |"
    yield "|---|---|"
    for name, value in figures.items():
        yield f"| {_title(name)} | {value:g} |"


def _strata(strata: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    if not strata:
        yield "This card holds no figures for parts of the people."
        return
    names = list(dict.fromkeys(name for figures in strata.values() for name in figures))
    yield "| part of the people | " + " | ".join(map(_title, names)) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for stratum, figures in strata.items():
        shown = (f"{figures[name]:g}" if name in figures else "-" for name in names)
        yield f"| {stratum} | " + " | ".join(shown) + " |"


def _identity(card: Card, signed_by: str | None) -> Iterator[str]:
    vouched = (
        f"signed by `{signed_by}`" if signed_by else "**not signed**: opened in a demo only, unless allowed"
    )
    models = len(card.golden_predictions)
    yield f"- Name: `{card.name}`, logged with every decision; {vouched}"
    yield f"- SHA-256 of the model file: `{card.sha256}`"
    yield "- Types that may be in it: " + ", ".join(f"`{name}`" for name in ALLOWED)
    yield f"- Golden predictions: {len(card.golden_rows)} rows, each through {models} models"


def _title(name: str) -> str:
    return TITLES.get(name, name.replace("_", " "))
