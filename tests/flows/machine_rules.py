"""The state machine: everybody who acts on a loan, in any order, and what must hold throughout.

Flows, jobs, packs, documents, keys and databases are the real ones; the rail, the verifier and
the bureau are the sandbox's own, called in this process (see `machine_outside`).

One more thing that may happen is one more method under `step` in the file it belongs to: `when`
says whether it may fire, the rest what its arguments are drawn from. It is then driven, counted
and asked for its hundred times like the others; a new kind of object needs its prefix in
`machine_tables.KINDS`, new accounts their sums in `machine_books.control_balances`.
"""

from __future__ import annotations

from flows.machine_payments import Payments
from flows.machine_purchases import Purchases
from flows.machine_returns import Returns
from flows.machine_trouble import Trouble


class Machine(Purchases, Payments, Returns, Trouble):
    """A lender's platform under everything that can befall it."""
