"""Proofs over a whole rule base: what is wrong with it, with a patient who shows it.

`check` runs the checks in their order; each of `checks` looks for one kind of fault; `prover` is what they share.
`diff` compares two rule bases. `mcdc` makes test cases from rules: `goal` says what cases can show, `leaves` and `thresholds`
where, `finder` which patients show it.
"""
