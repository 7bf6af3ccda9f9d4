"""The command line: `sanshi …`."""

from __future__ import annotations

from sanshi.cli.main import main

__all__ = ["main"]
