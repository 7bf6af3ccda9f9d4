"""Routes of the books beyond the trial balance: files to take along, and the chain of seals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from sanshi.documents.tables import Form, write_table
from sanshi.flows.desk_accruals import DESK_ACCRUALS
from sanshi.flows.desk_lists import MAX_ROWS
from sanshi.flows.desk_seals import DESK_SEALS
from sanshi.flows.exporting import EXPORT_BOOKS, extract
from sanshi.kernel.errors import InputError
from sanshi.ledger.exports import SCHEMAS, WHATS, What
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.accruals import LINES
from sanshi.web.workbench.accruals import accruals as accruals_view
from sanshi.web.workbench.books import DAYS
from sanshi.web.workbench.cells import Line
from sanshi.web.workbench.desk import Door, FormDoor, Visit
from sanshi.web.workbench.lists import read_query
from sanshi.web.workbench.routes.listing import given_away
from sanshi.web.workbench.seals import seals as seals_view

router = APIRouter()

IN_MEMORY_BYTES = 8_000_000
"""A file larger than this is written to disk on its way."""
_CHUNK_BYTES = 1 << 16
_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}

Balancer = Door(EXPORT_BOOKS.roles - {"system"})
Accruer = Annotated[Visit, Depends(Door(DESK_ACCRUALS.roles))]
Keeper = Annotated[Visit, Depends(Door(DESK_SEALS.roles))]
KeepersForm = Annotated[Visit, Depends(FormDoor(Door(DESK_SEALS.roles)))]


def _given_away(visit: Visit, what: What, form: Form) -> Response:
    """Put on record that books are taken, write them whole, and send them."""
    asked = {name: visit.query[name] for name in DAYS if visit.query.get(name)}
    entity = visit.actor.entity
    answer = visit.do(EXPORT_BOOKS, entity=entity, what=what, form=form, **asked)
    books = extract(visit.world, answer, visit.language)
    file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed once it is sent
    try:
        schema, about = SCHEMAS[what], books.about()
        write_table(file, form, schema, books.parts(), language=visit.language, about=about)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    since = f"{answer['since']}-" if answer["since"] else ""
    name = f"{what}-{since}{answer['to']}.{form}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_sent(file), media_type=_TYPES[form], headers=headers)


def _sent(file: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _add(what: What, form: Form) -> None:
    def give_away(request: Request) -> Response:
        return _given_away(request.state.visit, what, form)

    path = f"{at.BOOKS}/{what}.{form}"
    door = [Depends(Balancer)]
    router.add_api_route(path, give_away, methods=["GET"], dependencies=door, name=path)


for _what in WHATS:
    for _form in get_args(Form):
        _add(_what, _form)


@router.get(at.CLOSE + "/{day}/{shard}.csv")
def accruals_file(visit: Accruer, day: date, shard: int) -> Response:
    """Give the lines of a shard's accruals away as a file, all or those of one loan."""
    lines: list[Line] = []
    while True:
        part = {"text": visit.query.get("text", ""), "offset": len(lines), "limit": MAX_ROWS}
        answer = visit.do(DESK_ACCRUALS, business_date=day.isoformat(), shard=shard, **part)
        lines += answer["lines"]
        if len(lines) >= answer["total"]:
            break
    return given_away(visit, at.accruals(day.isoformat(), shard), LINES, lines)


@router.get(at.CLOSE + "/{day}/{shard}")
def accruals(visit: Accruer, day: date, shard: int) -> Response:
    """Show what a shard's close accrued, with a part of its lines."""
    part = {name: read_query(visit.query)[name] for name in ("offset", "limit")}
    text = visit.query.get("text", "")
    answer = visit.do(DESK_ACCRUALS, business_date=day.isoformat(), shard=shard, text=text, **part)
    return visit.show(accruals_view(visit.reader, answer, visit.query))


@router.get(at.SEALS)
def seals(visit: Keeper) -> Response:
    """Show a month of the chain, the last one unless another is asked for."""
    try:
        answer = visit.do(DESK_SEALS, month=visit.query.get("month", ""))
    except InputError:
        view = seals_view(visit.reader, visit.do(DESK_SEALS), wrong=True)
        return visit.show(view, 422)
    return visit.show(seals_view(visit.reader, answer))


@router.post(at.SEALS)
def check(visit: KeepersForm) -> Response:
    """Seal the days of a month again and say which of them differ."""
    answer = visit.do(DESK_SEALS, month=visit.form.get("month", ""), check=True)
    return visit.show(seals_view(visit.reader, answer), path=at.SEALS)
