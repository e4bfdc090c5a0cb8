"""Questions about all cases of a rule base, answered exactly by a SAT solver (extra `[prove]`).

Start at `witness.PossibleCases`: it decides whether some case meets a set of claims, and finds one. It rests on `encode` (the
three bits of premises and conclusions as literals), `world` (the inputs as literals), `choices` (the values to distinguish),
`sample` (random simulation), `reduce` (minimising cases), `clauses` (gates) and `solver` (python-sat).
"""
