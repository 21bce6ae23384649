"""Pictures of one page side by side on a sheet: as wide as their looks have room, cut below."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

TALLEST_PX = 1_100
GAP_PX = 8
QUALITIES = (60, 50, 40, 30)  # the first that keeps a sheet small enough, else the last
MOST_BYTES = 150_000


def sheet(pictures: Sequence[Image.Image], widths_px: Mapping[int, int]) -> Image.Image:
    """Lay pictures in one row; `widths_px`: of a picture as it is, and on the sheet."""
    small = [shrink(picture, widths_px[picture.width]) for picture in pictures]
    wide = sum(picture.width + GAP_PX for picture in small) - GAP_PX
    laid = Image.new("RGB", (wide, max(picture.height for picture in small)), "white")
    left = 0
    for picture in small:
        laid.paste(picture, (left, 0))
        left += picture.width + GAP_PX
    return laid


def shrink(picture: Image.Image, wide_px: int) -> Image.Image:
    """Make a picture so wide, and cut what is too tall."""
    tall = picture.height * wide_px // picture.width
    small = picture.convert("RGB").resize((wide_px, tall), Image.Resampling.LANCZOS)
    return small.crop((0, 0, wide_px, min(tall, TALLEST_PX)))


def lay(files: Sequence[Path], widths_px: Mapping[int, int], to: Path) -> None:
    """Write one sheet of those files that are there; none when no file is."""
    pictures: list[Image.Image] = [Image.open(file) for file in files if file.exists()]
    if pictures:
        to.parent.mkdir(parents=True, exist_ok=True)
        laid = sheet(pictures, widths_px)
        for quality in QUALITIES:
            laid.save(to, quality=quality, method=6)
            if to.stat().st_size <= MOST_BYTES:
                return
