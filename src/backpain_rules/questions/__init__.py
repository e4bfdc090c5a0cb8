"""What to ask next about a case: which answers can still change the conclusions, and in what words they are asked for.

`asking.Asking` is the door. Below it: `completions` (can anything still change? decided exactly), `samples` (what an answer
is expected to decide), `open` (what can be asked now), `question` and `answers` (what is asked, and what is said to it).
"""
