"""Export: a list as CSV that Excel opens as it is, and that starts nothing when it is opened."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import Line
from sanshi.web.workbench.lists import Sheet

BOM = "\ufeff"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?%?")
_STARTS_A_FORMULA = re.compile(r"[=+\-@\t\r\n]|[＝＋－＠]")
_LONG_DIGITS = re.compile(r"0[0-9]+|[0-9]{12,}")


def csv_text(reader: Reader, sheet: Sheet, lines: Iterable[Line]) -> str:
    """Return the lines under the titles of a sheet; every row is quoted as it needs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(str(reader.say(column.title))) for column in sheet.columns])
    for line in lines:
        writer.writerow([safe(column.make(reader, line).exported) for column in sheet.columns])
    return BOM + out.getvalue()


def safe(text: str) -> str:
    """Write a cell so that no program takes it for a formula, or an id for a number."""
    if _LONG_DIGITS.fullmatch(text):
        return f"\t{text}"  # a tab makes it text, and is not seen
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text
