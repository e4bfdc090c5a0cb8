"""Proofs over a whole rule base: what is wrong with it, with a patient who shows it.

`check` runs the checks in their order; each of `checks` looks for one kind of fault; `prover` is what they share.
`groups` puts findings with one cause together, and tries what could be done. `query` and `prove` answer named questions.
`statements` and `certify` write down what was proved, so that `drup` can check it. `diff` compares two rule bases. `mcdc` makes
test cases from rules: `goal` says what cases can show, `leaves` and `thresholds` where, `finder` which patients show it.
"""
