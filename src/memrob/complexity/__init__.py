"""Instance-specific complexity of labelled points, and worst-case memorization capacity."""
