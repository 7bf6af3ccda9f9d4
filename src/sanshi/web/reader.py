"""The reader of a page and the shelf its names come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.products import Good, Merchant
from sanshi.decision.policy import CompiledPolicy
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language
from sanshi.web.language import Tongue


class Named(Protocol):
    """Something of the packs with a name in both languages."""

    @property
    def zh(self) -> str:
        """Its Chinese name."""

    @property
    def en(self) -> str:
        """Its English name."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The packs in force; `limits_ppm` is each lender's own limit 本机构上限 on debt service."""

    catalogue: Catalogue
    limits_ppm: Mapping[str, int]

    @classmethod
    def of(cls, catalogue: Catalogue, policies: Mapping[str, CompiledPolicy]) -> Shelf:
        """Take the limits from the lenders' decision policies."""
        limits = {
            lender: policy.source.affordability.debt_service_limit_ppm
            for lender, policy in policies.items()
        }
        return cls(catalogue, limits)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a language, and the shelf to look names up on."""

    shelf: Shelf
    language: Language

    @property
    def say(self) -> Tongue:
        """The voice for this reader."""
        return Tongue(self.language)

    @property
    def catalogue(self) -> Catalogue:
        """The packs in force."""
        return self.shelf.catalogue

    def name(self, thing: Named) -> str:
        """Return the name of something in the reader's language."""
        return self.say.pick(thing.zh, thing.en)

    def lender(self, code: str) -> str:
        """Name a lender."""
        return self.name(self.catalogue.lenders[code])

    def funder(self, code: str, merchant: str) -> str:
        """Name who pays a benefit; a shop that gives its own is one."""
        if code == merchant:
            return self.name(self.catalogue.merchants[merchant])
        return self.name(self.catalogue.funders[code])

    def merchant(self, code: str) -> Merchant:
        """Look a shop up."""
        return self.catalogue.merchants[code]

    def good(self, merchant: str, sku: str) -> Good:
        """Look up something a shop sells."""
        for good in self.merchant(merchant).goods:
            if good.sku == sku:
                return good
        raise ImpossibleError(
            "page.unknown_good", f"{merchant} does not sell {sku}.", field="sku", fix="Check packs."
        )
