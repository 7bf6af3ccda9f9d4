"""The state machine: everybody who acts on a loan, in any order, and what must hold throughout.

Flows, jobs, packs, documents, keys and databases are the real ones; the rail, the verifier and
the bureau are the sandbox's own, called in this process (see `machine_outside`). Goods returns
join as one more rule of `machine_payments` once their flow exists.
"""

from __future__ import annotations

from flows.machine_payments import Payments
from flows.machine_purchases import Purchases
from flows.machine_trouble import Trouble


class Machine(Purchases, Payments, Trouble):
    """A lender's platform under everything that can befall it."""
