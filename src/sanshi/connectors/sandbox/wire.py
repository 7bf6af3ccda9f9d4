"""Names that both ends of the sandbox's HTTP must agree on."""

from __future__ import annotations

SECRET_HEADER = "x-sandbox-secret"  # noqa: S105  the name of a header, not a secret
SECRET_VARIABLE = "SANSHI_SANDBOX_SECRET"  # noqa: S105  the name of a variable, not a secret
CALLBACK_SECRET_VARIABLE = "SANSHI_SANDBOX_CALLBACK_SECRET"  # noqa: S105  a name as well
NOT_FOUND = "rail.not_found"
ID_REUSED = "rail.id_reused"
