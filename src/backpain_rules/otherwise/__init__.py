"""What would have to be otherwise: why a conclusion is absent, what would bring it about, what would take one away.

`asked` finds the conclusions that somebody asks for, `smallest` searches for the smallest sets of changes (extra
`[prove]`); `why_not` and `robustness` are the answers as data, `edit` is one set of changes.
"""
