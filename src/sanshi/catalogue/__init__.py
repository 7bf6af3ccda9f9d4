"""Packs as values: dated policy facts, rules, products and scenarios in force on a day.

Reading the files is `store.packs`; here everything is pure. `policies` types the facts of law,
`rules` turns some of them into comparisons by naming a registered observable and an operator,
`rulebook` says which of them bind a given purchase, product, lender and day.
"""
