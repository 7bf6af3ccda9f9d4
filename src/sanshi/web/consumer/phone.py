"""The sandbox's phone: text messages that nobody is really sent, for whoever tries things out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One message."""

    mobile: str
    text: str


@dataclass(frozen=True, slots=True)
class Phone:
    """The latest messages, newest first."""

    template: ClassVar[str] = "phone"

    texts: tuple[Text, ...]
    lenders: tuple[str, ...] = ()


def phone(messages: Iterable[Mapping[str, str]]) -> Phone:
    """Make the page from what the sandbox kept."""
    return Phone(tuple(Text(one["mobile"], one["text"]) for one in messages))
