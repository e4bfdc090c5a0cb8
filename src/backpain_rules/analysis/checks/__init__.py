"""One kind of fault a module, each a function from a `Prover` to diagnostics."""
