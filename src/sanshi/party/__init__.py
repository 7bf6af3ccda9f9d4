"""Parties: persons and organisations, known by opaque ids; what is personal stays sealed."""
