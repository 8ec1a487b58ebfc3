import math

import pytest
from lipschitz_tables import legend_texts, trial_table

from memrob.errors import UserError
from memrob.plots.style import save, styled
from memrob.studies.lipschitz.figures import KINDS

SMALL = {"dims": (2,), "widths": (8, 16)}
# A table and options for each kind.
CASES = {
    "growth": ({}, {"x": "input_dim"}),
    "exponents": ({}, {}),
    "regime": ({}, {}),
    "bracket": (SMALL, {"by": "width"}),
    "laws": ({"dims": (16,), "depths": (1, 2), "biases": ("zero", "gaussian", "cauchy")}, {}),
    "curves": ({"depths": (1, 2)}, {"x": "input_dim", "colour": "depth"}),
    "depth_exponents": ({"depths": (1, 2)}, {}),
    "below_two": ({}, {}),
    "regions": (None, {"width": 12, "depth": 2, "bias": "gaussian", "seed": 0}),
}


def drawn(kind, table=None, **options):
    case, defaults = CASES[kind]
    table = trial_table(**case) if table is None and case is not None else table
    given = (table,) if KINDS[kind].arguments else ()
    with styled():
        return KINDS[kind].function(*given, **(defaults | options))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_picture_twice(kind, tmp_path):
    found = []
    for name in ("first", "second"):
        figure = drawn(kind, title="A title")
        with styled():
            save(figure, tmp_path / name / "f.pdf")
        found.append([(tmp_path / name / f"f.{end}").read_bytes() for end in ("pdf", "png")])
    assert found[0] == found[1]
    assert figure.get_suptitle() == "A title"


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"regions"}))
def test_single_networks_are_drawn_without_bands(kind):
    figure = drawn(kind, trial_table(**CASES[kind][0], restarts=1))
    assert not any("confidence" in text for text in legend_texts(figure))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"regions"}))
def test_a_missing_column_is_named(kind):
    table = trial_table(**CASES[kind][0])
    for column in ("lower", "width"):
        with pytest.raises(UserError, match=f"{kind}: found no column {column}"):
            drawn(kind, table.drop(columns=column))


@pytest.mark.parametrize(
    ("kind", "options", "named"),
    [
        ("growth", {"x": "p"}, "option x: found 'p'"),
        ("growth", {"quantity": "upper"}, "option quantity"),
        ("growth", {"ps": [0.5]}, "p: is 0.5"),
        ("growth", {"upper": True, "ps": [7]}, "option ps"),
        ("growth", {"only": {"colour": 1}}, "option only: found colour"),
        ("growth", {"only": {"depth": 9}}, "no trials"),
        ("bracket", {"by": "p"}, "option by"),
        ("bracket", {"methods": ["guess"]}, "option methods"),
        ("laws", {"by": "bias"}, "option by"),
        ("curves", {"colour": "seed"}, "option colour: found 'seed'"),
        ("curves", {"colour": "p"}, "are not all different"),
        ("curves", {"quantity": "upper"}, "option quantity"),
        ("curves", {"quantity": "over_zero"}, "no trials with over_zero"),
        ("curves", {"wide": True}, "option wide"),
        ("curves", {"by": "bias"}, "several p share"),
        ("depth_exponents", {"only": {"input_dim": 8}}, "1 values of d"),
        ("below_two", {"ps": [2, 4]}, "no p below 2"),
        ("laws", {"only": {"bias": "cauchy"}}, "bias zero"),
        ("exponents", {"only": {"input_dim": 8}}, "1 values of d"),
        ("regions", {"ps": [1, 1.5, 2, 3, 4]}, "5 exponents"),
        ("regions", {"radius": -1}, "radius"),
        ("regions", {"bias": "none"}, "bias"),
    ],
)
def test_mistakes_in_options_are_named(kind, options, named):
    with pytest.raises(UserError, match=named):
        drawn(kind, **options)


@pytest.mark.parametrize("kind", ["growth", "exponents", "regime", "laws"])
def test_a_further_parameter_that_varies_is_held_by_only(kind):
    biases = ("zero", "gaussian")
    table = trial_table(widths=(128, 256), biases=biases)
    if kind == "laws":
        table = table[table["input_dim"] == 8]
    with pytest.raises(UserError, match="width"):
        drawn(kind, table)
    only = {"width": 256} if kind == "laws" else {"width": 256, "bias": "zero"}
    drawn(kind, table, only=only)


def test_exponents_fitted_are_written_beside_the_predicted():
    texts = legend_texts(drawn("growth", trial_table(restarts=40)))
    for text in ("$p = 1$: 0.50 (0.50)", "$p = 4$: 0.75 (0.75)", r"$p = \infty$: 1.00 (1.00)"):
        assert text in texts
    assert "$p = 1$: 0.00 (0.00)" in texts  # a gradient at a point
    assert any("$N$ = 64$d$, $L$ = 1, zero biases; 40 networks per cell" in text for text in texts)


def test_growth_in_depth_has_one_panel_and_no_exponents():
    table = trial_table(dims=(16,), depths=(1, 2, 4))
    figure = drawn("growth", table, x="depth")
    assert [axes.get_xlabel() for axes in figure.axes] == ["depth $L$"]
    assert not any("(" in text for text in legend_texts(figure))


def test_upper_bounds_have_a_panel_for_each_p():
    table = trial_table(dims=(16,), depths=(1, 2, 4))
    figure = drawn("growth", table, x="depth", upper=True, ps=[1, "inf", 3])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["$p = 1$", "$p = 3$", r"$p = \infty$"]
    assert [text.get_text() for text in figure.axes[1].texts] == ["not in this run"]
    curves = figure.axes[0].lines
    assert len(curves) == 3
    means = table[table["p"] == 1].groupby("depth")[["upper", "upper_probable", "lower"]].mean()
    for curve, column in zip(curves, means, strict=True):
        assert curve.get_ydata().tolist() == pytest.approx(means[column].tolist())


def test_exact_values_are_marked():
    texts = legend_texts(drawn("growth", trial_table(dims=(2, 4, 8))))
    assert "exact value" in texts
    assert "exact value" not in legend_texts(drawn("growth"))


def test_an_exponent_that_lacks_is_named():
    assert "$p = 3$ (not in this run)" in legend_texts(drawn("growth", ps=[1, 3]))
    assert "$d$ = 99 (not in this run)" in legend_texts(drawn("regime", dims=[8, 99]))


def test_points_of_the_exponents_lie_at_the_fits():
    figure = drawn("exponents", trial_table(restarts=60))
    points = {container.get_label(): container.lines[0] for container in figure.axes[0].containers}
    lip, at_point = points.values()
    assert lip.get_xdata().tolist() == [1, 1 / 1.5, 0.5, 0.25, 0]
    assert lip.get_ydata() == pytest.approx([0.5, 0.5, 0.5, 0.75, 1], abs=0.01)
    assert at_point.get_ydata() == pytest.approx([0, 1 / 3, 0.5, 0.75, 1], abs=0.01)


def test_regime_divides_by_the_norms_of_a_gaussian_vector():
    from memrob.lipschitz.theory import expected_norm

    table = trial_table()
    left, right = drawn("regime", table, dims=[64]).axes
    means = table[table["input_dim"] == 64].groupby("p")["lower"].mean()
    # The axis runs from p = inf, at 1/p = 0, to p = 1.
    own = left.lines[0].get_ydata()
    assert own[-1] == pytest.approx(means[1.0] / expected_norm(math.inf, 64))
    assert own[0] == pytest.approx(means[math.inf] / expected_norm(1.0, 64))
    expected = [mean / expected_norm(2.0, 64) for mean in means[::-1]]
    assert right.lines[0].get_ydata() == pytest.approx(expected)


def test_bracket_draws_geometric_means_over_the_exact_constant():
    figure = drawn("bracket", methods=["lower", "upper_product", "upper_patterns"])
    assert [axes.get_title() for axes in figure.axes] == [
        "$N$ = 8, 3 networks",
        "$N$ = 16, 3 networks",
    ]
    texts = legend_texts(figure)
    assert "upper: product of operator norms" in texts
    assert not any("patterns" in text for text in texts)  # the table has none
    heights = sorted(curve.get_ydata()[0] for curve in figure.axes[0].lines)
    assert heights == pytest.approx([0, 1 / 1.001, 1, 3 / 1.001])  # 0 and 1: p = 2, the constant


def test_bracket_without_exact_constants_is_a_mistake():
    with pytest.raises(UserError, match="no exact constant"):
        drawn("bracket", trial_table())


def test_laws_are_compared_with_zero_biases():
    table = trial_table(**CASES["laws"][0])
    table.loc[table["bias"] == "cauchy", "lower"] *= 1.3
    figure = drawn("laws", table)
    top, _, below, _ = figure.axes
    assert top.get_title() == "$L$ = 1"
    ratios = [container.lines[0].get_ydata()[0] for container in below.containers]
    zero = table.query("bias == 'zero' and depth == 1 and p == 1")["lower"].mean()
    cauchy = table.query("bias == 'cauchy' and depth == 1 and p == 1")["lower"].mean()
    assert max(ratios) == pytest.approx(cauchy / zero)
    assert below.get_ylim()[1] > cauchy / zero


def test_regions_show_the_maximiser_or_point_at_it():
    near = drawn("regions", ps=[1])
    assert near.axes[0].get_title().startswith(r"$p = 1$:  $\mathrm{lip}_{1}$ = ")
    assert "region of the largest gradient" in legend_texts(near)
    far = drawn("regions", ps=[1], radius=1e-3)
    assert any("outside of the box" in text for text in legend_texts(far))
    assert "region of the largest gradient" not in legend_texts(far)
    assert any("$N$ = 12, $L$ = 2, Gaussian biases" in text for text in legend_texts(far))


def test_the_region_marked_has_the_largest_gradient():
    from memrob.lipschitz.exact import exact_lipschitz, linear_regions
    from memrob.lipschitz.norms import norm
    from memrob.lipschitz.random_networks import random_network
    from memrob.studies.lipschitz.figures.regions import RADII, _maximiser

    network = random_network(2, 12, 2, "gaussian", 0)
    exact = exact_lipschitz(network, [2.0])
    found = _maximiser(linear_regions(network, RADII[-1]), 2.0, exact.values[2.0], None)
    gradient = network.gradients(found.point[None])[0]
    assert norm(gradient, 2.0) == pytest.approx(exact.values[2.0])
