"""A live case with truth maintenance: what it holds, how it is saved, who watches it."""
