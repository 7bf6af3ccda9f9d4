"""Export: a list as CSV that Excel opens as it is, and that starts nothing when it is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from sanshi.documents.tables import BOM, safe
from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import Line
from sanshi.web.workbench.lists import Sheet


def csv_text(reader: Reader, sheet: Sheet, lines: Iterable[Line]) -> str:
    """Return the lines under the titles of a sheet; every row is quoted as it needs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(str(reader.say(column.title))) for column in sheet.columns])
    for line in lines:
        writer.writerow([safe(column.make(reader, line).exported) for column in sheet.columns])
    return BOM + out.getvalue()
