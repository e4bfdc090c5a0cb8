"""Static analysis of a rule base: find its faults, each proved and shown by a patient.

`check` runs all checks in order; each module in `checks` looks for one kind of fault; they share `prover`. `groups` collects
findings with one cause and tries proposals. `query` and `prove` answer named questions. `statements` and `certify` write proofs
down, so that `drup` can verify them. `diff` compares two rule bases. `mcdc` makes test cases from rules: `goal` defines what a
case can show, `leaves` and `thresholds` find the goals of a rule, and `finder` finds patients who show them.
"""
