"""Graphs of ONNX models: constants, and chains of nodes (kind, inputs, attributes) on them."""

import numpy as np

RNG = np.random.default_rng(3)


def real(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


IMAGE = (1, 2, 7, 6)
GEMM = {"w": real(3, 8), "b": real(3), "v": real(4, 3)}

CHAINS = {
    "gemm": ((1, 8), [("Gemm", ["x", "w", "b"], {"transB": 1}), ("Relu", ["x"], {})]),
    "gemm scaled": (
        (1, 8),
        [("Gemm", ["x", "wt", "b"], {"alpha": 0.3, "beta": 1.7}), ("Relu", ["x"], {})],
    ),
    "gemm from the left": (
        (8, 1),
        [("Gemm", ["w", "x", "column"], {}), ("Relu", ["x"], {}), ("Gemm", ["v", "x"], {})],
    ),
    "gemm transposed from the left": ((8, 1), [("Gemm", ["wt", "x"], {"transA": 1})]),
    "gemm of a transposed column": ((8, 1), [("Gemm", ["x", "wt", "b"], {"transA": 1})]),
    "gemm of a transposed row": ((1, 8), [("Gemm", ["w", "x"], {"transB": 1})]),
    "matmul of a vector": ((8,), [("MatMul", ["w", "x"], {}), ("Add", ["x", "b"], {})]),
    "matmul with a vector": ((1, 8), [("MatMul", ["x", "row"], {})]),
    "unknown batch": (("N", 8), [("MatMul", ["x", "wt"], {}), ("Add", ["b", "x"], {})]),
    "normalisation": (
        IMAGE,
        [
            ("Sub", ["x", "mean"], {}),
            ("Div", ["x", "deviation"], {}),
            ("Conv", ["x", "kernel"], {"pads": [1, 1, 1, 1]}),
            ("Relu", ["x"], {}),
            ("Mul", ["x", "two"], {}),
            ("Sub", ["two", "x"], {}),
            ("Neg", ["x"], {}),
        ],
    ),
    "convolution": (
        IMAGE,
        [
            (
                "Conv",
                ["x", "kernel", "channels"],
                {"strides": [2, 1], "pads": [0, 1, 2, 1], "dilations": [1, 2]},
            ),
            ("LeakyRelu", ["x"], {"alpha": 0.1}),
            ("Conv", ["x", "grouped"], {"group": 2, "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
        ],
    ),
    "same lower": (
        IMAGE,
        [("Conv", ["x", "even"], {"auto_pad": "SAME_LOWER"}), ("Relu", ["x"], {})],
    ),
    "signal": (
        (1, 2, 9),
        [("Conv", ["x", "short"], {"strides": [2], "pads": [1, 0]}), ("Tanh", ["x"], {})],
    ),
    "batch normalisation": (
        IMAGE,
        [
            ("Conv", ["x", "kernel"], {}),
            ("BatchNormalization", ["x", "s", "t", "m", "v4"], {"epsilon": 0.01}),
            ("Relu", ["x"], {}),
            ("BatchNormalization", ["x", "s", "t", "m", "v4"], {}),
            ("AveragePool", ["x"], {"kernel_shape": [2, 2], "strides": [1, 2]}),
            ("Flatten", ["x"], {}),
        ],
    ),
    "pooling": (
        IMAGE,
        [
            ("AveragePool", ["x"], {"kernel_shape": [3, 2], "pads": [1, 0, 1, 1]}),
            ("Relu", ["x"], {}),
            (
                "AveragePool",
                ["x"],
                {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1},
            ),
            ("GlobalAveragePool", ["x"], {}),
            ("Squeeze", ["x", "last_axes"], {}),
        ],
    ),
    "mean": (
        IMAGE,
        [("Conv", ["x", "kernel"], {}), ("ReduceMean", ["x"], {"axes": [2, 3], "keepdims": 0})],
    ),
    "shapes": (
        IMAGE,
        [
            ("Transpose", ["x"], {"perm": [0, 2, 3, 1]}),
            ("Conv", ["x", "seven"], {}),
            ("Relu", ["x"], {}),
            ("Reshape", ["x", "flat"], {}),
            ("Unsqueeze", ["x", "first_axis"], {}),
            ("Identity", ["x"], {}),
            ("Dropout", ["x"], {}),
            ("Cast", ["x"], {"to": 1}),
            ("Sigmoid", ["x"], {}),
        ],
    ),
    "padding": (
        IMAGE,
        [
            ("Pad", ["x", "pads"], {}),
            ("Conv", ["x", "kernel"], {}),
            ("Clip", ["x", "zero"], {}),
            ("PRelu", ["x", "slope"], {}),
        ],
    ),
    "softmax": ((1, 8), [("Gemm", ["x", "wt"], {}), ("Relu", ["x"], {})]),
    "maximum": (
        (1, 8),
        [("Gemm", ["x", "wt"], {}), ("Max", ["zero", "x"], {}), ("Mul", ["x", "two"], {})],
    ),
}

CONSTANTS = GEMM | {
    "wt": np.ascontiguousarray(GEMM["w"].T),
    "column": real(3, 1),
    "row": real(8),
    "mean": real(1, 2, 1, 1),
    "deviation": np.float32([[[0.3]], [[0.7]]]),
    "two": np.float32(2),
    "kernel": real(4, 2, 3, 2),
    "channels": real(4),
    "grouped": real(6, 2, 2, 2),
    "even": real(3, 2, 2, 4),
    "short": real(3, 2, 4),
    "s": real(4),
    "t": real(4),
    "m": real(4),
    "v4": np.float32([0.5, 1, 2, 3]),
    "last_axes": np.int64([2, 3]),
    "first_axis": np.int64([0]),
    "flat": np.int64([0, -1]),
    "seven": real(2, 7, 1, 1),
    "pads": np.int64([0, 0, 1, 0, 0, 0, 2, 1]),
    "zero": np.float32(0),
    "slope": np.float32([0.25]),
    "square": real(8, 8),
    "rest": real(8, 1),
    "large": np.float64(1e200),
    "least": np.float64(5e-324),
    "sides": np.int64([1, 0, 2, 1]),
    "last_two": np.int64([-1, 2]),
}


def used(nodes):
    names = {name for _, inputs, _ in nodes for name in inputs} - {"x", ""}
    return {name: CONSTANTS[name] for name in names}
