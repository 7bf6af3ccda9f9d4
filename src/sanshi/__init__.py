"""Sanshi 三适: the open engine for scenario-based consumer credit."""
