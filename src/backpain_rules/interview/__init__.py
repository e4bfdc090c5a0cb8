"""Interviews: ask one question after the other until no answer can change a conclusion; save and restore them."""
