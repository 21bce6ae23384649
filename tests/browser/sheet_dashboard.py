"""Lay every look of each page side by side: `python tests/browser/sheet_dashboard.py [FOLDER [PAGE ...]]`.

English and Chinese, light and dark, at a desk and on a phone: eight looks of a page on one sheet.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from picture_dashboard import DESK, PAGES, PHONE, ROOT, Look, main
from PIL import Image

SHEETS = ROOT / "docs" / "pictures" / "dashboard" / "sheets"
WIDTHS_PX = {DESK.width: 480, PHONE.width: 240}  # of a look on the sheet
TALLEST_PX = 1_100
GAP_PX = 8
QUALITY = 70
LOOKS = tuple(
    Look(name=f"-{language}-{scheme}-{width}", scheme=scheme, language=language, width=width)
    for width, language, scheme in product((DESK.width, PHONE.width), ("en", "zh-HK"), ("light", "dark"))
)


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """Lay pictures in one row, each as wide as its look may be, cut below."""
    small = [shrink(picture) for picture in pictures]
    wide = sum(picture.width + GAP_PX for picture in small) - GAP_PX
    laid = Image.new("RGB", (wide, max(picture.height for picture in small)), "white")
    left = 0
    for picture in small:
        laid.paste(picture, (left, 0))
        left += picture.width + GAP_PX
    return laid


def shrink(picture: Image.Image) -> Image.Image:
    """Make a picture as wide as its look has room on a sheet."""
    wide = WIDTHS_PX[picture.width]
    tall = picture.height * wide // picture.width
    return (
        picture.convert("RGB")
        .resize((wide, tall), Image.Resampling.LANCZOS)
        .crop((0, 0, wide, min(tall, TALLEST_PX)))
    )


def lay_all(taken: Path, folder: Path) -> None:
    """Write a sheet for each page of which pictures were taken."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        files = [taken / f"{page}{look.name}.png" for look in LOOKS]
        pictures = [Image.open(file) for file in files if file.exists()]
        if pictures:
            sheet(pictures).save(folder / f"{page}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    with TemporaryDirectory() as taken:
        main(Path(taken), sys.argv[2:], LOOKS)
        lay_all(Path(taken), Path(sys.argv[1]) if len(sys.argv) > 1 else SHEETS)
