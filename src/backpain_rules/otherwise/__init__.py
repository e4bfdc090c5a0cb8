"""Counterfactuals: why a conclusion is absent, which minimal changes would add it, and which would remove one.

`asked` resolves the conclusions in question, `smallest` searches for minimal changes (extra `[prove]`), `why_not` and
`robustness` hold the answers as data, and `edit` is one set of changes.
"""
