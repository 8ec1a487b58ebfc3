"""The studies, a folder each, and what they have in common: grids, chunks, tables and claims."""
