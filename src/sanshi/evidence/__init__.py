"""Evidence: an append-only Merkle log, salted commitments, and receipts that verify offline.

Consents, contracts, decisions and policy versions become leaves. A leaf is a commitment to
content and a salt: destroying the salt hides the content for good, while the log stays whole.
"""
