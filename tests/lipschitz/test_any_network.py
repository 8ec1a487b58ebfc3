"""Bounds of vector outputs, leaky ReLUs, tanh, sigmoid and convolutions, against brute force."""

import math
from itertools import pairwise

import numpy as np
import pytest

from memrob import lipschitz_bracket
from memrob.errors import UserError
from memrob.lipschitz.any_network import Means, combination, scalar_bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.operators.activations import activation_named
from memrob.lipschitz.operators.attained import attained_slope
from memrob.lipschitz.operators.climb import climb
from memrob.lipschitz.operators.convolution import Convolution, Geometry
from memrob.lipschitz.operators.linear import Dense
from memrob.lipschitz.operators.network import OperatorNetwork, of_relu_network
from memrob.lipschitz.operators.upper import product_above, with_all_slopes
from memrob.lipschitz.vector.bracket import map_bracket
from memrob.lipschitz.vector.matrix_norms import norm_above, steep_combination
from memrob.lipschitz.vector.semidefinite import VectorMultipliers, euclidean_bounds

KINDS = ["relu", "leaky_relu:0.3", "leaky_relu:-0.4", "tanh", "sigmoid"]
NO_MEMORY = Means(memory=0)


def small_network(kind, outputs=3, seed=0, sizes=(2, 5, 4)):
    rng = np.random.default_rng(seed)
    dims = [*sizes, outputs]
    operators = [Dense(rng.standard_normal((n, m))) for m, n in pairwise(dims)]
    biases = [rng.standard_normal(n) for n in dims[1:]]
    activations = (activation_named(kind),) * (len(operators) - 1)
    return OperatorNetwork(tuple(operators), tuple(biases), activations)


def convolutional(kind="relu", outputs=2):
    rng = np.random.default_rng(5)
    first = Convolution(rng.standard_normal((3, 1, 3, 3)), Geometry((5, 5), (2, 2)))
    second = Dense(rng.standard_normal((outputs, first.shape[0])))
    biases = rng.standard_normal(first.shape[0]), np.zeros(outputs)
    return OperatorNetwork((first, second), biases, (activation_named(kind),))


def sampled_jacobians(network, count=600):
    rng = np.random.default_rng(1)
    scales = np.exp(rng.uniform(-2, 2, (count, 1)))
    return [network.jacobian(x) for x in scales * rng.standard_normal((count, network.input_dim))]


def quotients(jacobians, p, q):
    """Largest |J u|_q / |u|_p over many directions, coordinate vectors and signs among them."""
    dim = jacobians[0].shape[1]
    U = np.random.default_rng(2).standard_normal((200, dim))
    U = np.vstack([U, np.eye(dim), np.sign(U)])
    stretched = np.stack(jacobians) @ U.T
    return (norm(np.swapaxes(stretched, 1, 2), q) / norm(U, p)).max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("p", "q"), [(2, 2), (1, 1), (math.inf, 2), (1.5, 3), (math.inf, 1)])
def test_nothing_exceeds_the_bounds_of_a_map(kind, p, q):
    network = small_network(kind)
    seen = quotients(sampled_jacobians(network), p, q)
    found = map_bracket(network, p, q)
    assert 0.8 * seen <= found.lower <= found.upper
    assert seen <= found.upper * (1 + 1e-12)
    jacobian = network.jacobian(found.point)
    y = found.combination
    value = norm(y @ jacobian, conjugate(p)) / norm(y, conjugate(q))
    assert found.lower <= value * (1 + 1e-12)
    assert found.lower == pytest.approx(value, rel=1e-6)
    for bound in found.upper_bounds.values():
        assert bound >= seen * (1 - 1e-12)


@pytest.mark.parametrize("kind", ["relu", "leaky_relu:0.3"])
def test_map_into_the_maximum_norm_is_exact(kind):
    network = small_network(kind)
    found = map_bracket(network, 2, math.inf)
    best = max(np.linalg.norm(J, axis=1).max() for J in sampled_jacobians(network))
    assert found.exact == pytest.approx(found.lower, rel=1e-9)
    assert best <= found.exact * (1 + 1e-12)
    assert found.exact <= found.upper
    rows = [
        scalar_bracket(network.combined(np.eye(3)[[k]]), [2], Means("exact"))[2].exact
        for k in range(3)
    ]
    assert found.exact == max(rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("means", [Means(), NO_MEMORY])
def test_nothing_exceeds_the_bounds_of_an_output(kind, means):
    network = small_network(kind, outputs=1)
    for p, found in scalar_bracket(network, [1, 2, math.inf], means).items():
        seen = max(norm(J, conjugate(p))[0] for J in sampled_jacobians(network))
        assert 0.7 * seen <= found.lower <= found.upper
        assert seen <= found.upper * (1 + 1e-12)
        at = norm(network.jacobian(found.point), conjugate(p))[0]
        assert found.lower <= at * (1 + 1e-12)
        if found.exact is not None:
            assert seen <= found.exact * (1 + 1e-9)


@pytest.mark.parametrize("kind", ["relu", "leaky_relu:0.25"])
def test_convolutions_by_their_operator_and_by_their_matrix(kind):
    network = convolutional(kind)
    seen = quotients(sampled_jacobians(network, 300), 2, 2)
    for means in (Means(), NO_MEMORY):
        found = map_bracket(network, 2, 2, means)
        assert 0.7 * seen <= found.lower <= found.upper
        assert seen <= found.upper
    assert "semidefinite" not in found.upper_bounds


@pytest.mark.parametrize("kind", ["tanh", "leaky_relu:0.1"])
def test_what_is_not_exact_is_refused(kind):
    network = small_network(kind, outputs=1)
    means = Means("exact", memory=0)
    with pytest.raises(UserError, match=r"--method: exact is for"):
        scalar_bracket(network, [2], means)
    with pytest.raises(UserError, match=r"--method: exact is for --q inf"):
        map_bracket(small_network(kind), 2, 2, means)


def test_leaky_network_is_a_relu_network_of_twice_the_neurons():
    network = small_network("leaky_relu:0.25")
    dense = network.relu_network()
    assert dense.widths == (10, 8)
    X = np.random.default_rng(0).standard_normal((50, 2))
    np.testing.assert_allclose(dense.outputs(X), network.outputs(X), rtol=1e-12, atol=1e-12)
    assert network.dense_numbers() == sum(weight.size for weight in dense.weights)
    assert small_network("tanh").relu_network() is None


def test_surrogates_span_all_slopes():
    rng = np.random.default_rng(0)
    for kind in ("leaky_relu:0.3", "tanh", "sigmoid"):
        network = small_network(kind)
        surrogate = with_all_slopes(network)
        low, high = network.activations[0].slopes
        weights = [operator.matrix for operator in network.operators]
        first, second = (rng.uniform(low, high, n) for n in (5, 4))
        jacobian = weights[2] * second @ weights[1] * first @ weights[0]
        share = [slopes / high for slopes in (first, second)]
        found = surrogate.weights[2] * share[1] @ surrogate.weights[1] * share[0]
        np.testing.assert_allclose(found @ surrogate.weights[0], jacobian, rtol=1e-12)
    assert with_all_slopes(small_network("leaky_relu:-0.3")) is None


def test_kink_is_not_confirmed():
    network = OperatorNetwork(
        (Dense(np.eye(2)), Dense(np.ones((1, 2)))),
        (np.zeros(2), np.zeros(1)),
        (activation_named("relu"),),
    )
    y = np.ones(1)
    assert attained_slope(network, np.array([1.0, 0.0]), y, 2) == 0
    assert attained_slope(network, np.array([1.0, 2.0]), y, 2) == pytest.approx(math.sqrt(2))


def test_climb_is_the_same_for_one_seed():
    network = convolutional()
    first, second = (climb(network, 2, 2, seed=3) for _ in range(2))
    assert first.value == second.value
    np.testing.assert_array_equal(first.point, second.point)


@pytest.mark.parametrize("scale", [1e-200, 1e150])
def test_products_of_any_scale(scale):
    one = np.array([[scale]])
    operators = (Dense(one), Dense(one), Dense(np.array([[1 / scale]])))
    network = OperatorNetwork(operators, (np.zeros(1),) * 3, (activation_named("relu"),) * 2)
    for p, q in ((2, 2), (1, 2), (1, 1), (3, math.inf), (math.inf, 1)):
        found = product_above(network, p, q)
        assert found >= scale
        # A product that underflows on the way is raised to the least normal number.
        assert found <= scale * (1 + 1e-6) or scale < 1


@pytest.mark.parametrize(("p", "q"), [(1, 3), (2, 2), (3, math.inf), (math.inf, 1), (3, 1.5)])
def test_matrix_norms(p, q):
    rng = np.random.default_rng(0)
    for shape in ((3, 4), (1, 5), (4, 1)):
        matrix = rng.standard_normal(shape)
        seen = quotients([matrix], p, q)
        assert norm_above(matrix, p, q) >= seen * (1 - 1e-12)
        y = steep_combination(matrix, p, q)
        value = norm(y @ matrix, conjugate(p)) / norm(y, conjugate(q))
        assert value <= norm_above(matrix, p, q) * (1 + 1e-12)
        assert value >= 0.999 * seen


def test_vector_semidefinite_bound_beats_products_and_has_the_right_slope():
    network = with_all_slopes(small_network("relu", seed=4, sizes=(6, 12, 9)))
    problem = VectorMultipliers(network)
    x, metric = problem.start(), np.ones(6)
    direction = np.random.default_rng(0).standard_normal(len(x))
    for barrier in (0.1, 0.01):
        slope = problem.log_square(x, metric, barrier)[1] @ direction
        step = 1e-5 * direction
        ahead, behind = (problem.log_square(x + s, metric, barrier)[0] for s in (step, -step))
        assert slope == pytest.approx((ahead - behind) / 2e-5, rel=1e-5)
    spectral = math.prod(np.linalg.norm(weight, 2) for weight in network.weights)
    found = euclidean_bounds(network, [1, 2, math.inf])
    assert found[2] < 0.8 * spectral
    assert found[1] == found[2] <= found[math.inf] <= math.sqrt(6) * found[2] * (1 + 1e-9)
    one = euclidean_bounds(network.output(0), [2])[2]
    assert one <= found[2]


def test_differences_of_rows_that_are_exact():
    rng = np.random.default_rng(0)
    rows = np.array([[1.0, -1.0]])
    for matrix, exact in (
        (rng.standard_normal((2, 4)).astype(np.float32).astype(float), True),
        (np.array([[1.0], [2.0**-60]]), False),
        (np.array([[1.0], [1.0]]), True),
    ):
        network = OperatorNetwork((Dense(matrix),), (np.zeros(2),), ())
        found, is_exact = combination(network, rows)
        assert is_exact == exact
        np.testing.assert_array_equal(found.operators[0].dense(), matrix[:1] - matrix[1:])


def test_public_function(tmp_path):
    from memrob.lipschitz.files import save_network

    network = small_network("relu")
    save_network(tmp_path / "network.npz", network.relu_network())
    found = lipschitz_bracket(tmp_path / "network.npz", [1, 2], output=1)
    assert list(found) == [1, 2]
    one = lipschitz_bracket(network.relu_network(), 2, output=1)
    assert one.exact == found[2].exact
    assert lipschitz_bracket(network, 2, output="all", q=np.inf).exact >= one.exact
    assert lipschitz_bracket(network, 2, margin=(0, 1), method="lower").lower > 0
    for options, message in (
        ({}, "has 3 outputs; choose one"),
        ({"output": 3}, "output: is 3"),
        ({"margin": (0, 7)}, "margin: is 7"),
    ):
        with pytest.raises(UserError, match=message):
            lipschitz_bracket(network, 2, **options)
    with pytest.raises(UserError, match="network: is a dict; give a file"):
        lipschitz_bracket({}, 2, output=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": []}, "p: holds no exponent"),
        ({"p": None}, "p: is None"),
        ({"margin": (0, 0)}, "margin: is (0, 0); it must be two different numbers of outputs"),
        ({"margin": (0, 1, 2)}, "margin: is (0, 1, 2); it must be two different"),
        ({"margin": 1}, "margin: is 1; it must be two different"),
        ({"margin": "all"}, "margin: is 'all'; it must be two different"),
        ({"margin": (0, 7)}, "margin: is 7; network has 3 outputs"),
        ({"margin": (0, 1), "output": 1}, "margin: leave out output with it"),
        ({"output": 0, "q": 3}, "q: is for output 'all'"),
        ({"output": 0, "radius": 1}, "radius: is of a region about a point; give at beside it"),
        ({"output": 0, "ball_norm": 2}, "ball_norm: is of a region about a point"),
        ({"output": 0, "at": "here", "radius": 1}, "at: is 'here'; it must hold real numbers"),
        ({"output": 0, "at": [0, 0], "radius": None}, "radius: is None"),
        ({"output": 0, "box": -1.0, "method": "upper"}, "box: is -1.0; it must be a finite number"),
        ({"output": 0, "seconds": 0}, "seconds: is 0; it must be a finite number above 0"),
        ({"output": 0, "restarts": 0}, "restarts: is 0; it must be a whole number of at least 1"),
        ({"output": 0, "nodes": 2.5}, "nodes: is 2.5; it must be a whole number of at least 1"),
        ({"output": 0, "seed": -1}, "seed: is -1; it must be a whole number of at least 0"),
        ({"output": 0, "points": np.full((1, 2), np.nan)}, "points: must hold finite real numbers"),
        ({"output": 0, "points": [["a", "b"]]}, "points: must hold real numbers"),
        ({"output": 0, "method": "foo"}, "method: is 'foo'; it must be one of lower, upper"),
        ({"output": "all", "method": "foo"}, "method: is 'foo'; it must be one of lower, upper"),
        ({"output": "all", "method": None}, "method: is None; it must be one of lower, upper"),
        ({"output": 0, "device": "xyz"}, "device: is 'xyz'; it must be one of cpu, cuda, auto"),
        ({"output": 0, "memory": -1}, "memory: is -1; it must be a number of bytes"),
        ({"output": 0, "memory": "1"}, "memory: is '1'; it must be a number of bytes"),
        ({"output": 0, "memory": np.nan}, "memory: is nan; it must be a number of bytes"),
        ({"output": 0, "operations": -1}, "operations: is -1; it must be a finite number above 0"),
        ({"output": 0, "activation": "tanh"}, "activation: is for files that do not tell it"),
        ({"output": 0, "input_shape": (2,)}, "input_shape: is for modules of torch"),
        ({"output": 0, "points": np.zeros(2)}, "points: have shape (2,); it must be (M, 2)"),
    ],
    ids=str,
)
def test_public_function_refuses_what_makes_no_sense(options, message):
    with pytest.raises(UserError) as error:
        lipschitz_bracket(small_network("relu"), **options)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("kind", ["relu", "tanh"])
@pytest.mark.parametrize("name", ["foo", "network", "ps"])
def test_arguments_that_do_not_exist(kind, name):
    for output in (0, "all"):
        with pytest.raises(
            TypeError, match=f"unexpected keyword argument '{name}'|multiple values"
        ):
            lipschitz_bracket(small_network(kind), 2, output=output, **{name: 1})


@pytest.mark.parametrize("kind", ["relu", "tanh"])
def test_methods_that_do_not_exist(kind):
    with pytest.raises(UserError, match=r"^method: is 'foo'; it must be one of lower, upper"):
        lipschitz_bracket(small_network(kind), 2, output=0, method="foo")


def test_activation_of_a_file_that_does_not_tell(tmp_path):
    path = tmp_path / "network.npz"
    np.savez(path, W0=[[2.0], [-1.0]], W1=[[1.0, -1.0]])
    assert lipschitz_bracket(path, 2).exact == pytest.approx(2)
    found = lipschitz_bracket(path, 2, activation="tanh")
    assert found.exact is None
    assert found.lower == pytest.approx(3, rel=1e-3)
    with pytest.raises(UserError, match=r"^activation: is 'gelu'; it must be one of"):
        lipschitz_bracket(path, 2, activation="gelu")
    with pytest.raises(UserError, match=r"^input_shape: is for modules of torch"):
        lipschitz_bracket(path, 2, input_shape=(1,))


@pytest.mark.parametrize("p", [np.int64(2), np.float32(2), np.array(2.0), "2"], ids=repr)
def test_public_function_takes_any_number_for_one_exponent(p):
    found = lipschitz_bracket(small_network("relu"), p, output=0, method="upper")
    assert found.p == 2


def test_public_function_takes_a_module():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    nn = torch.nn
    module = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2))
    found = lipschitz_bracket(module, 2, margin=(0, 1), input_shape=(1, 3, 3))
    x = torch.tensor(found.point.reshape(1, 1, 3, 3), requires_grad=True)
    out = module.double()(x)[0]
    (out[0] - out[1]).backward()
    assert x.grad.norm().item() == pytest.approx(found.lower, rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 17, 18, 19, 20])
def test_climb_finds_what_random_points_of_many_sizes_attain(seed):
    # Biases of one layer are a thousand times those of another: regions are of many sizes.
    rng = np.random.default_rng([9, seed])
    sizes = [*rng.integers(2, 5, 1), *rng.integers(2, 6, rng.integers(2, 4)), 3]
    shapes = list(zip(sizes[1:], sizes, strict=False))
    weights = [rng.standard_normal(shape) for shape in shapes]
    biases = [rng.standard_normal(rows) * 10.0 ** rng.uniform(-3, 3) for rows, _ in shapes]
    network = of_relu_network(ReluNetwork(tuple(weights), tuple(biases)))
    points = rng.standard_normal((2000, sizes[0])) * 10.0 ** rng.uniform(-3, 3, (2000, 1))
    attained = max(np.linalg.norm(network.jacobian(point), 2) for point in points)
    assert climb(network, 2.0, 2.0).value >= 0.98 * attained
