"""Networks trained by gradient descent: where they begin to interpolate, and what it costs."""
