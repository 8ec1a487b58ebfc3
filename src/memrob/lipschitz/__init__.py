"""Lipschitz constants of ReLU networks in the norms of l^p: brackets of them."""
