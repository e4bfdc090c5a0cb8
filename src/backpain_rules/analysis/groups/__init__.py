"""Group findings with one cause, and propose changes of the rules that resolve them.

`causes` groups findings, `relation` compares the premises of two rules, `changes` is an edit of rules as a value, `proposals`
tries edits by repeating the proof, and `page` prints groups for a meeting. Each module imports only earlier ones.
"""
