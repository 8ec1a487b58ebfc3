"""The two networks that are compared."""

CONVOLUTIONAL, FULLY_CONNECTED = NETWORKS = ("convolutional", "fully_connected")
