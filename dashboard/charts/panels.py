"""What stacked panels share: their width is the page's, so figures and titles stand inside of them."""

import altair as alt

INSIDE_PX = 44  # kept free at both ends of the common axis for the figures of the heights
TITLE_PX = 13
FEW_TICKS = 3


def inside_axis(*, ticks: int = FEW_TICKS) -> alt.Axis:
    """Build an axis of heights whose figures stand inside of the panel, on their lines."""
    return alt.Axis(
        title=None, tickCount=ticks, ticks=False, domain=False, minExtent=0, maxExtent=0,
        labelAlign="left", labelBaseline="bottom", labelPadding=-2, labelOffset=-2,
    )  # fmt: skip


def panel_title(words: str) -> alt.TitleParams:
    """Write what a panel shows above it, at its left."""
    return alt.TitleParams(words, anchor="start", fontSize=TITLE_PX, fontWeight="normal", offset=4)
