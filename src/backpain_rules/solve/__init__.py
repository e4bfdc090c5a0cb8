"""Questions about all cases of a rule base, answered exactly by a SAT solver (extra `[prove]`).

`witness.PossibleCases` is the door: it says whether there is a case in which some premises stand as asked, and shows
one. Below it: `encode` (the three bits of premises and conclusions as literals), `world` (what can be said of a patient
as literals), `choices` (which values have to be told apart), `sample` (random cases, many at once), `reduce` (cases made
small), `clauses` (gates), `solver` (python-sat).
"""
