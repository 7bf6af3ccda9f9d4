"""The decision 决策: typed features, rules, a points scorecard, affordability; traced, replayable.

A rule that meets a value it cannot read refers to a person; nothing here ever approves by default.
`policy` types a lender's pack file, `compile_policy` makes it ready to run, `decide` decides,
`replay` proves a stored decision, `counter` looks for the least debt that completes a purchase.
"""
