"""Questions one after the other until no answer can change the conclusions: the state, the answers, saved and restored."""
