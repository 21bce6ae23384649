"""Colours that hold on a light and on a dark page; a colour never carries a meaning alone."""

CALM = "#2a9d8f"  # the normal line: load, capacity
QUIET = "#8d99a6"  # inside the measurement error, past values, bands
WATCH = "#d98e04"  # seen once, not confirmed
FIRM = "#d1495b"  # confirmed on two tests; pain
RANGE = "#5b8def"  # amplitude
BAND_OPACITY = 0.22
LABEL = "#75828f"  # words inside a picture, readable on both pages
