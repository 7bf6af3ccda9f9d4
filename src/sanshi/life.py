"""Objects and their lives: one stage table each.

What a person sees is the life rail
报价 → 授权 → 决策 → 签约 → 放款 → 用途核验 → 还款 → 结清 → 到期删除.
A change of stage is an appended event; days past due, class and hardship are attributes.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.kernel.errors import ConflictError, ImpossibleError

NEW = ""
"""The stage before the first event."""

Moves = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Stage → event → stages it may lead to; where there are several, the values decide."""

LIVES: Mapping[str, Moves] = {
    "person": {
        NEW: {"identified": ("active",)},
        "active": {"mobile_changed": ("active",), "erased": ("erased",)},
    },
    "quote": {
        NEW: {"quoted": ("open",)},
        "open": {"accepted": ("accepted",), "expired": ("expired",)},
    },
    "consent": {
        NEW: {"granted": ("granted",)},
        "granted": {"withdrawn": ("withdrawn",)},
    },
    "application": {
        NEW: {"applied": ("draft",)},
        "draft": {
            "decided": ("approved", "referred", "declined"),
            "withdrawn": ("withdrawn",),
            "expired": ("expired",),
        },
        "referred": {
            "decided": ("approved", "referred", "declined"),
            "withdrawn": ("withdrawn",),
        },
        "approved": {"withdrawn": ("withdrawn",), "expired": ("expired",)},
    },
    "contract": {
        NEW: {"offered": ("offered",)},
        "offered": {
            "served": ("offered",),
            "cost_table_signed": ("offered",),
            "signed": ("signed",),
            "cancelled": ("cancelled",),
        },
        "signed": {"ended": ("ended",), "cancelled": ("cancelled",)},
    },
    "loan": {
        NEW: {"agreed": ("pending",)},
        "pending": {
            "ordered": ("disbursing",),
            "disbursed": ("active",),
            "cancelled": ("cancelled",),
        },
        "disbursing": {
            "unanswered": ("disbursement_unknown",),
            "disbursed": ("active",),
            "refused": ("pending",),
        },
        "disbursement_unknown": {"disbursed": ("active",), "refused": ("pending",)},
        "active": {
            "repaid": ("active", "settled"),
            "completed": ("settled",),
            "subsidy_granted": ("active",),
            "subsidy_withdrawn": ("active",),
            "credit_returned": ("active",),
            "rate_changed": ("active",),
            "due_day_changed": ("active",),
            "extended": ("active",),
            "grace_given": ("active",),
            "paused": ("active",),
            "reaged": ("active",),
            "restructured": ("active",),
            "waived": ("active", "settled"),
            "reversed": ("active", "settled"),
            "written_off": ("written_off",),
            "transferred": ("transferred",),
        },
        "settled": {
            "repaid": ("settled",),
            "credit_returned": ("settled",),
            "subsidy_granted": ("settled",),
            "subsidy_withdrawn": ("settled",),
            "reversed": ("active", "settled"),
        },
        "written_off": {
            "recovered": ("written_off",),
            "credit_returned": ("written_off",),
            "reversed": ("active", "settled", "written_off"),
        },
        "transferred": {"price_paid": ("transferred",), "reversed": ("active", "settled")},
    },
    "session": {
        NEW: {"opened": ("open",)},
        "open": {
            "applied": ("in_review",),
            "cash_chosen": ("cash",),
            "cancelled": ("cancelled",),
            "expired": ("expired",),
        },
        "in_review": {
            "applied": ("in_review",),
            "declined": ("open",),
            "authorized": ("authorized",),
            "cash_chosen": ("cash",),
            "cancelled": ("cancelled",),
            "expired": ("expired",),
        },
        "authorized": {"authorized": ("authorized",)},
    },
    "voucher": {
        NEW: {"issued": ("issued",)},
        "issued": {"reserved": ("reserved",)},
        "reserved": {"redeemed": ("redeemed",), "released": ("issued", "returned")},
        "redeemed": {"given_back": ("redeemed", "issued", "returned")},
    },
    "redemption": {
        NEW: {"given": ("given",)},
        "given": {"reversed": ("given", "reversed")},
    },
    "claim": {
        NEW: {"submitted": ("submitted",)},
        "submitted": {"paid": ("paid",), "failed": ("submitted",)},
    },
    "settlement": {
        NEW: {"made": ("ordered", "carried")},
        "ordered": {"paid": ("paid",), "failed": ("failed",)},
    },
    "payment": {
        NEW: {"intended": ("intended",)},
        "intended": {
            "sent": ("sent",),
            "unanswered": ("unknown",),
            "succeeded": ("succeeded",),
            "failed": ("failed",),
        },
        "sent": {"succeeded": ("succeeded",), "failed": ("failed",)},
        "unknown": {
            "sent": ("sent",),
            "succeeded": ("succeeded",),
            "failed": ("failed",),
        },
        "succeeded": {"settled": ("settled",)},
    },
    "proposal": {
        NEW: {"proposed": ("open",)},
        "open": {
            "approved": ("approved",),
            "rejected": ("rejected",),
            "withdrawn": ("withdrawn",),
            "expired": ("expired",),
        },
    },
    "case": {
        NEW: {"opened": ("open",)},
        "open": {"closed": ("closed",)},
    },
}


def move(kind: str, stage: str, event: str, to: str | None = None) -> str:
    """Return the stage that `event` leads to, or raise ConflictError if it may not happen now.

    `to` names the stage wanted where an event may lead to several.
    """
    allowed = LIVES[kind].get(stage, {}).get(event)
    if allowed is None:
        raise ConflictError(
            f"{kind}.wrong_stage",
            f"A {kind} that is {stage or 'new'} cannot be {event}.",
            field="stage",
            fix=f"Possible now: {', '.join(LIVES[kind].get(stage, {})) or 'nothing more'}.",
        )
    if to is None and len(allowed) == 1:
        return allowed[0]
    if to not in allowed:
        raise ImpossibleError(
            f"{kind}.no_such_move", f"{event} leads from {stage} to {allowed}, not to {to}."
        )
    return to
