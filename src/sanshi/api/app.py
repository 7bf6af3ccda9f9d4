"""The API: one application for shops and lenders, over a world."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from sanshi.api import checkout, lending, notices, sandbox, settlements
from sanshi.api.gate import Allowed
from sanshi.api.kit import BodyLimit
from sanshi.api.patience import Patience
from sanshi.api.problems import Problem, documented, refuse_in_one_voice
from sanshi.demo.personas import Stage
from sanshi.flows.world import World

DESCRIPTION = """
Sell on credit, kindly. Open a checkout session, send the buyer to its page, and hear by webhook
how it ended; then capture what you hand over and refund what comes back.

- Amounts are integers in fen (分), a hundredth of a yuan. Prices come from your catalogue.
- Every POST takes an `Idempotency-Key`: the same key and request give the same answer for ever.
- Every refusal is `application/problem+json` and names the field and the fix.
- Lists are newest first; `next` leads to the next page. GET answers carry an `ETag`.
"""


def api_app(world: World, *, base_url: str, pages_url: str, stage: Stage | None = None) -> FastAPI:
    """Return the application.

    Args:
        world: what its flows work with.
        base_url: where programs reach this API, without a slash at the end.
        pages_url: where browsers reach the lender's pages: an origin of their own.
        stage: what a sandbox has beside the world, where no real money moves; it takes
            `sk_test_…` keys, and only these. None: this is real.
    """
    app = FastAPI(
        title="Sanshi API",
        version="1",
        description=DESCRIPTION,
        redoc_url=None,
        docs_url=None,
        servers=[{"url": base_url}],
        separate_input_output_schemas=False,
    )
    app.state.world = world
    app.state.pages_url = pages_url
    app.state.stage = stage
    app.state.patience, app.state.allowed = Patience(), Allowed()
    app.state.key_kind = "test" if stage else "live"
    app.add_middleware(BodyLimit)
    routers = (checkout.router, settlements.router, notices.router, lending.router)
    for router in (*routers, sandbox.router) if stage else routers:
        app.include_router(router)
    refuse_in_one_voice(app)
    _with_problem(app)
    return app


def _with_problem(app: FastAPI) -> None:
    """Put the shape of a problem where `documented` points, and drop the framework's own."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document["components"]["schemas"]
        too_many = {str(code): said for code, said in documented(429).items()}
        if "Problem" not in schemas:
            schemas["Problem"] = Problem.model_json_schema()
            for operations in document["paths"].values():
                for operation in operations.values():
                    _without_framework_errors(operation["responses"])
                    operation["responses"] |= too_many
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to extend the document


def _without_framework_errors(responses: dict[str, Any]) -> None:
    """A call without a documented 422 has nothing that could be malformed."""
    content = responses.get("422", {}).get("content", {})
    if "application/json" in content:
        del responses["422"]
