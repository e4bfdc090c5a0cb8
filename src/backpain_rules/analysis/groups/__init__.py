"""Findings with one cause as one group, and changes of the rules that settle it.

`causes` puts findings together, `relation` says how the premises of two rules lie to each other, `changes` is an edit of rules
as a value, `proposals` tries edits by proving again; `page` prints groups for a meeting. Each imports only those before it.
"""
