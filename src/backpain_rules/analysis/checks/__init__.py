"""One module for each kind of fault: a function from a `Prover` to diagnostics."""
