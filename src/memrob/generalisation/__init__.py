"""How networks that interpolate their training points do on test points, and why."""
