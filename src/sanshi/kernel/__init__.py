"""Values every room shares: money, dates, rates, dated facts, reasons, errors, effects.

Nothing here reads a file, a clock, a database or a network.
"""
