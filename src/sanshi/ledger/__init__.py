"""The ledger: accounts, postings and reconciliation; integers that always balance."""
