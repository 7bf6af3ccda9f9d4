"""The workbench's pages: build a view from a flow's answer, then `render(page, view)`."""

from __future__ import annotations

from sanshi.web.rendering import Renderer
from sanshi.web.workbench import addresses

render = Renderer("sanshi.web.workbench", at=addresses).render
"""Return a whole page: `render(page, view)`."""
