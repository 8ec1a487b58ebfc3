"""Networks whose layers are linear operators, such as convolutions, without their matrices."""
