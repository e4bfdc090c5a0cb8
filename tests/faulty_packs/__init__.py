"""Small packs with one fault each, and their repaired twins."""
