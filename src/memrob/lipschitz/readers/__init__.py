"""Networks of other people: one reader per kind of file."""
