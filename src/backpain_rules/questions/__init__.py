"""Choose the next question about a case: which answers can still change a conclusion, and how to word the question.

Start at `asking.Asking`. It rests on `completions` (decides exactly whether anything can still change), `samples` (estimates the
information gain), `state` (ranks the open questions), `question` and `answers` (the wording and the reply).
"""
