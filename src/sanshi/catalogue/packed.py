"""Base of everything that is read from a pack file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Packed(BaseModel):
    """A frozen value of a pack file; an unknown field is an error, so that no typo is ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
