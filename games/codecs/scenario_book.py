"""Scenarios as Excel workbooks: the tree of a scenario file as sheets, one for each of its tables, and back.

Every mistake is found before any is told, and each names its sheet and cell. Text is written as text, whatever it begins with.
"""

from games.codecs._book_read import BookFaults, from_bytes
from games.codecs._book_sheets import SHEETS
from games.codecs._book_write import to_bytes

__all__ = ["SHEETS", "BookFaults", "from_bytes", "to_bytes"]
