"""The font of the report; OFL.txt is its licence, cut.py says where it comes from."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
FONT: Final = FOLDER / "NotoSansCJKhk-Regular-cut.otf"
