"""The sandbox: a payment rail and an identity verifier in a process of their own.

It stands in for the outside world and can fail on purpose. Its own SQLite file is the truth:
faults distort messages and timing, never what the rail has booked. Value dates are set from
outside; the clock serves retries and signatures alone.
"""
