"""The two kinds of constructed networks that studies compare."""

CONVOLUTIONAL, FULLY_CONNECTED = NETWORKS = ("convolutional", "fully_connected")
