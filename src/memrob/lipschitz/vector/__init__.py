"""Lipschitz constants of maps into R^K, from l^p to l^q."""
