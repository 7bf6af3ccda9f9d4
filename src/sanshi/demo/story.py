"""Stories: a purchase from quote to settled as YAML, run through the flows on real parts.

A story pins its business date, says what each actor does, and states every expected figure with
its arithmetic (`because`), which a separate test works out without any of this code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.products import SettlementAgreement
from sanshi.kernel.money import parse_yuan
from sanshi.store.marked_yaml import read_document


class Expected(Packed):
    """One figure or word of an answer.

    Args:
        at: path into the answer: `plans[key=a.12.b].rows[0].payment_fen`, `accounts[#]` counts.
        yuan: expected amount, as text with two decimals.
        equals: expected value of any other kind.
        because: the arithmetic; its last result is the expected amount.
    """

    at: str
    yuan: Annotated[str, Field(pattern=r"^-?[\d,]+\.\d{2}$")] | None = None
    equals: Any = None
    because: str = ""

    @property
    def value(self) -> object:
        """The expected value in the answer's own unit."""
        return self.equals if self.yuan is None else parse_yuan(self.yuan)


class Step(Packed):
    """One thing that happens: a flow is used (`do`), a job runs, or the outside world acts.

    Args:
        do: name of a flow; `with` is its request, in which $name stands for a kept value.
        actor: role that acts; a consumer acts as the story's person.
        keep: name → path of a value in the answer to keep.
        job: `deliver` the outbox, `enquire` open payments, `wait` seconds, `close` days up to and
            including `until` (each with direct debits and reconciliation).
        fault: a fault of the outside world to come: [place, kind].
        balance: sets a rail account's balance in yuan.
        fails: the step must be refused with this error code.
    """

    do: str | None = None
    request: dict[str, Any] = Field(default_factory=dict, alias="with")
    actor: str = Field(default="consumer", alias="as")
    key: str | None = None
    keep: dict[str, str] = Field(default_factory=dict)
    expect: tuple[Expected, ...] = ()
    fails: str | None = None
    job: Literal["deliver", "enquire", "wait", "close"] | None = None
    seconds: int = 0
    until: Any = None
    fault: tuple[str, str] | None = None
    balance: dict[str, str] = Field(default_factory=dict)
    note: str = ""


class Story(Packed):
    """A story: who, when, and the steps.

    `agreements`: how shops of the packs are paid in this story, by shop.
    """

    id: str
    zh: str
    en: str
    business_date: Any
    entity: str
    agreements: dict[str, SettlementAgreement] = Field(default_factory=dict)
    steps: tuple[Step, ...]


def read_story(path: Path) -> Story:
    """Read a story file; errors name file, line and field as for packs."""
    return Story.model_validate(read_document(path).content)
