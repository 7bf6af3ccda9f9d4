"""The `Bureau` port over HTTP: the credit bureau 征信机构 and public data 公共数据."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import httpx

from sanshi.connectors.calls import Caller, Reply
from sanshi.decision.vocabulary import FEATURES
from sanshi.kernel.dates import parse_date
from sanshi.kernel.errors import InputError, UnavailableError
from sanshi.kernel.ids import check_id
from sanshi.ports import Report

CREDIT_FEATURES = frozenset(
    name for name, feature in FEATURES.items() if feature.source == "bureau"
)
"""What a credit report may tell."""

PUBLIC_FEATURES = frozenset({"verified_income_fen", "income_evidence", "housing_fund_months"})
"""What public data may tell."""

OWN_STATEMENT = "declared"
"""The evidence of income that no public record can be."""

NO_RECORD = "bureau.no_record"
"""How a source says that it holds nothing on this person; any other 404 is no answer."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One data source: where it is asked, and the features it may tell."""

    caller: Caller
    path: str
    names: frozenset[str]


class HttpBureau:
    """The bureau and public data over HTTP. A query may be asked again; each leaves a record.

    Whatever is no whole, well-typed answer is UnavailableError: a value half believed could
    approve somebody. Unknown fields are ignored, and so are features that the source has no
    business to tell.
    """

    def __init__(
        self, base_url: str, secret: str, *, timeout_seconds: float, connect_seconds: float = 2.0
    ) -> None:
        """Connect lazily; `timeout_seconds` bounds each wait for an answer."""

        def caller(system: str) -> Caller:
            return Caller(
                base_url,
                secret,
                system=system,
                timeout_seconds=timeout_seconds,
                connect_seconds=connect_seconds,
                unknown_fix="Ask again; until then its values count as missing.",
            )

        self._credit = _Source(caller("bureau"), "/bureau/report", CREDIT_FEATURES)
        self._public = _Source(caller("public_data"), "/public-data/query", PUBLIC_FEATURES)

    def credit_report(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        """Return bureau features of a person; none when the bureau has no record."""
        return _ask(self._credit, full_name, id_number, consent_id)

    def public_data(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        """Return features derived from public data; none when there is no record."""
        return _ask(self._public, full_name, id_number, consent_id)

    def close(self) -> None:
        """Close the connections."""
        self._credit.caller.close()
        self._public.caller.close()


def _ask(source: _Source, full_name: str, id_number: str, consent_id: str) -> Report:
    _check_consent(consent_id)
    body = {"full_name": full_name, "id_number": id_number, "consent_id": consent_id}
    reply = source.caller.call("POST", source.path, body)
    fields = reply.fields()
    if _no_record(reply, fields):
        return Report(_reference(source, fields), _as_of(source, fields), {})
    if reply.status != httpx.codes.OK:
        raise source.caller.malformed(f"status {reply.status}")
    return Report(_reference(source, fields), _as_of(source, fields), _values(source, fields))


def _check_consent(consent_id: str) -> None:
    """Let nothing about a person leave without a consent named; the text is not repeated."""
    try:
        check_id(consent_id, "cn", "consent_id")
    except InputError:
        raise UnavailableError(
            "bureau.no_consent",
            "The query names no consent, so it was not sent.",
            field="consent_id",
            fix="Name the id of the person's consent; it starts with cn_.",
        ) from None


def _no_record(reply: Reply, fields: Mapping[str, object]) -> bool:
    return reply.status == httpx.codes.NOT_FOUND and fields.get("code") == NO_RECORD


def _reference(source: _Source, fields: Mapping[str, object]) -> str:
    reference = fields.get("reference")
    if not isinstance(reference, str) or not reference:
        raise source.caller.malformed("reference is missing")
    return reference


def _as_of(source: _Source, fields: Mapping[str, object]) -> date:
    text = fields.get("as_of")
    if not isinstance(text, str):
        raise source.caller.malformed("as_of is missing")
    try:
        return parse_date(text, "as_of")
    except InputError as error:
        raise source.caller.malformed("as_of is no date") from error


def _values(source: _Source, fields: Mapping[str, object]) -> dict[str, int | bool | str]:
    values = fields.get("values")
    if not isinstance(values, dict):
        raise source.caller.malformed("values are missing")
    return {name: _value(source, name, values[name]) for name in sorted(source.names & set(values))}


def _value(source: _Source, name: str, value: object) -> int | bool | str:
    """Return a value that its feature allows; the error names the feature, never the value."""
    fault = FEATURES[name].fault(value)
    if value == OWN_STATEMENT:
        fault = "unknown_code"
    if fault or not isinstance(value, int | str):
        raise source.caller.malformed(f"{name} is {fault}")
    return value
