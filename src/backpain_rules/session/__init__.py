"""Sessions: a live case with truth maintenance, its journal, saved state and observers."""
