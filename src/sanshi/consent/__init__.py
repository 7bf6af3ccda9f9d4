"""Consent 授权: purpose-bound, dated, revocable grants; nothing is ticked beforehand."""
