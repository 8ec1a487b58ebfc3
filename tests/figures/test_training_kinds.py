"""Figures of trained networks: what is drawn, what is written, and mistakes."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.plots.style import CATEGORY_COLOURS, styled
from memrob.studies.draw import draw
from memrob.studies.material import Material
from memrob.studies.training.figures import KINDS
from memrob.studies.training.figures.adversarial_images import adversarial_images, draw_panels
from memrob.studies.training.figures.robust_accuracy import accuracy_under
from memrob.training.robustness import Panel

sys.path.append(str(Path(__file__).parents[1] / "training"))
from training_tables import (
    course_table,
    double_descent_table,
    random_features_table,
    robustness_table,
    threshold_table,
    with_constructed,
)

FEATURES, NETWORKS = random_features_table(restarts=2), double_descent_table(restarts=2)
THRESHOLDS, RADII = threshold_table(restarts=3), robustness_table(images=30)
COURSE = course_table(restarts=2)
TABLES = {
    "double_descent": (FEATURES, {"quantities": ["error", "norm"]}),
    "thresholds": (THRESHOLDS, {}),
    "parameters": (THRESHOLDS, {"only": {"dataset": "mnist_1v8"}}),
    "robust_accuracy": (RADII, {}),
    "radii": (RADII, {}),
    "lipschitz_course": (COURSE, {}),
}


def drawn(kind, table=None, **options):
    default, own = TABLES[kind]
    with styled():
        return KINDS[kind].function(default if table is None else table, **own | options)


def texts_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def note_of(figure):
    return figure.legends[0].get_title().get_text()


def lines_of(axes, points, **look):
    lines = [line for line in axes.get_lines() if len(line.get_xdata()) == points]
    return [
        line for line in lines if all(getattr(line, f"get_{k}")() == v for k, v in look.items())
    ]


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_is_drawn_from_its_description(kind, tmp_path):
    table, options = TABLES[kind]
    spec = {"kind": kind, "caption": "", **options}
    draw(KINDS, spec, tmp_path / "f.pdf", Material(trials=table), title="A title")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.pdf", "f.png"]


def test_double_descent_of_random_features():
    errors, norms = drawn("double_descent").axes
    silent = FEATURES[FEATURES["label_noise"] == 0]
    means = silent.groupby("n_features")["test_error"].mean()
    (test,) = lines_of(errors, 13, color=CATEGORY_COLOURS[0], linestyle="-")
    assert test.get_xdata().tolist() == means.index.tolist()
    assert np.allclose(test.get_ydata(), means)
    assert len(lines_of(errors, 13, linestyle="--")) == 3
    assert len(lines_of(norms, 13)) == 3 and norms.get_yscale() == "log"
    assert [line.get_xdata()[0] for line in lines_of(norms, 2)] == [1000]
    assert [text.get_text() for text in errors.texts] == ["features = $N$"]


def test_double_descent_of_networks_with_and_without_reuse():
    figure = drawn("double_descent", NETWORKS, quantities=["error", "loss"])
    titles = [axes.get_title() for axes in figure.axes]
    reused = "weights reused from the next smaller network"
    assert titles == ["every network from scratch", reused, "", ""]
    assert {lines_of(axes, 2)[0].get_xdata()[0] for axes in figure.axes} == {40_000}
    loss = figure.axes[3]
    reused = NETWORKS[(NETWORKS["reuse"] == 1) & (NETWORKS["label_noise"] == 0.2)]
    means = reused.groupby("n_parameters")["test_loss"].mean()
    (line,) = lines_of(loss, 14, color=CATEGORY_COLOURS[2], linestyle="-")
    assert np.allclose(line.get_ydata(), means)
    assert note_of(figure) == "MNIST, $N$ = 4,000"
    by_width = drawn("double_descent", NETWORKS, quantities=["loss"], x="width", only={"reuse": 1})
    assert by_width.axes[0].get_xlabel() == "width $H$"


def test_training_losses_of_zero_do_not_stretch_the_axis():
    axes = drawn("double_descent", quantities=["loss"]).axes[0]
    assert axes.get_ylim()[0] > 1e-5 and FEATURES["train_loss"].min() < 1e-20


def test_a_single_restart_has_no_band():
    one = FEATURES[FEATURES["restart"] == 0]
    assert not any("band" in text for text in texts_of(drawn("double_descent", one)))
    assert any("band, 2 restarts" in text for text in texts_of(drawn("double_descent")))


def test_thresholds_have_error_bars_and_open_searches():
    widths = THRESHOLDS["threshold_width"].astype(float)
    last = (THRESHOLDS["n_samples"] == 4000) & (THRESHOLDS["labels"] == "random")
    table = THRESHOLDS.assign(threshold_width=widths.mask(last & (THRESHOLDS["restart"] == 0)))
    figure = drawn("thresholds", table, datasets=["mnist", "moons"])
    assert [axes.get_title() for axes in figure.axes] == ["MNIST", "two moons"]
    axes = figure.axes[0]
    true, random = (bars.lines[0] for bars in axes.containers)
    assert len(true.get_xdata()) == 5 and len(random.get_xdata()) == 4
    rows = THRESHOLDS[(THRESHOLDS["dataset"] == "mnist") & (THRESHOLDS["labels"] == "true")]
    assert np.allclose(true.get_ydata(), rows.groupby("n_samples")["threshold_width"].mean())
    assert "random labels: larger than that" in texts_of(figure)
    assert "random labels: larger than that" not in texts_of(drawn("thresholds"))


def test_as_many_parameters_as_points():
    axes = drawn("thresholds", datasets=["moons"]).axes[0]
    (line,) = lines_of(axes, 50)
    assert line.get_ydata()[-1] == pytest.approx((4000 - 2) / 5)


def test_parameters_of_all_networks():
    rows = THRESHOLDS[THRESHOLDS["dataset"] == "mnist_1v8"]
    trained = drawn("parameters", rows)
    # Without a separation of the points, results that assume one are left out.
    assert not any("up to constants" in text for text in texts_of(trained))
    assert not any("constructed" in text for text in texts_of(trained))
    figure = drawn("parameters", with_constructed(rows))
    kinds = ["trained, true labels", "trained, random labels", "constructed, random labels"]
    assert {*kinds, "the same, up to constants"} <= {*texts_of(figure)}
    assert {"Baum 1988", "Vardi 2022"} <= {text.get_text() for text in figure.axes[0].texts}
    bars = {bars.get_label(): bars.lines[0] for bars in figure.axes[0].containers}
    for labels, factor in (("true", 10), ("random", 15)):
        medians = rows[rows["labels"] == labels].groupby("n_samples")["n_parameters"].median()
        assert np.allclose(bars[f"trained, {labels} labels"].get_ydata(), medians)
        assert np.allclose(bars[f"constructed, {labels} labels"].get_ydata(), factor * medians + 7)


def test_parameters_far_above_leave_the_scale_as_it_is():
    rows = THRESHOLDS[THRESHOLDS["dataset"] == "moons"]
    near = with_constructed(rows)
    figure = drawn("parameters", near.assign(separation=1e-3), only=None)
    assert any(text.startswith("above the frame: Vershynin 2020") for text in texts_of(figure))
    assert figure.axes[0].get_ylim()[1] < 1e4 * near["n_parameters"].max()


def test_accuracy_counts_correct_images_with_larger_radii():
    table = pd.DataFrame(
        {
            "restart": [0, 0, 0, 0, 1, 1],
            "correct": [1, 1, 1, 0, 1, 1],
            "pgd_radius": [0.1, 0.5, np.inf, 2.0, 0.3, 0.4],
        }
    )
    found = accuracy_under(table, "pgd_radius", np.array([0.01, 0.1, 0.45, 1.0]))
    assert np.array(found.samples).T.tolist() == [[0.75, 0.5, 0.5, 0.25], [1, 1, 0, 0]]


def test_robust_accuracy_has_a_panel_a_p():
    figure = drawn("robust_accuracy")
    assert [axes.get_title() for axes in figure.axes] == ["$p = 1$", "$p = 2$", r"$p = \infty$"]
    assert all(len(lines_of(axes, 80)) == 8 for axes in figure.axes)
    assert note_of(figure) == "MNIST, $H$ = 256; 2 networks, 30 images each"
    deep = RADII.drop(columns="local_radius")
    assert "certified around the image" not in texts_of(drawn("robust_accuracy", deep))


def test_contradictions_are_counted():
    first = RADII.index[(RADII["correct"] == 1) & (RADII["p"] == 2)][0]
    broken = RADII.copy()
    broken.loc[first, "local_radius"] = 1.001 * broken.loc[first, "pgd_radius"]
    for certificate in ("certified_radius", "local_radius"):
        axes = drawn("radii", broken, certificate=certificate).axes
        counts = [panel.texts[0].get_text().split("\n")[0] for panel in axes]
        assert counts == ["0 contradictions", "1 contradiction", "0 contradictions"]
    assert "among 120 pairs" in axes[0].texts[0].get_text()
    (after,) = [line for line in axes[0].get_lines() if line.get_marker() == "o"]
    shown = RADII[(RADII["p"] == 1) & (RADII["stage"] == "after") & (RADII["correct"] == 1)]
    assert sorted(after.get_xdata()) == sorted(shown["pgd_radius"])


def test_course_lies_between_its_bounds():
    left, right = drawn("lipschitz_course").axes
    lower = lines_of(left, 9, linestyle="-")
    upper = lines_of(left, 9, linestyle="--")
    assert len(lower) == len(upper) == 3
    for below, above in zip(lower, upper, strict=True):
        assert np.allclose(3 * below.get_ydata(), above.get_ydata())
        assert below.get_color() == above.get_color()
    assert right.get_ylabel() == "training\nerror" and left.get_yscale() == "log"
    assert len(drawn("lipschitz_course", beside=["margin", "weight_norm"]).axes) == 3


def panel(found=(True, True)):
    rng = np.random.default_rng(0)
    images, found = rng.random((2, 6)), np.array(found)
    change = 0.1 * rng.standard_normal((2, 6)) * found[:, None]
    radii = np.where(found, np.linalg.norm(change, axis=1), np.inf)
    return Panel(images, change, images + change, np.array([0, 1]), np.array([1, 0]), radii)


def test_adversarial_images():
    panels = {2.0: panel(), np.inf: panel((True, False))}
    with styled():
        figure = draw_panels(panels, image_shape=(2, 3), class_names=["nought", "one"])
    titles = np.array([axes.get_title() for axes in figure.axes]).reshape(5, 2)
    assert titles[0].tolist() == ["nought", "one"] and titles[2].tolist() == ["one", "nought"]
    assert titles[1, 0] == f"{panels[2.0].radii[0]:.2g}"
    assert titles[3:, 1].tolist() == ["", ""]
    assert [text.get_text() for text in figure.axes[7].texts] == ["none found"]
    change = figure.axes[2].images[0]
    assert np.allclose(change.get_array().ravel(), panels[2.0].perturbations[0])
    assert change.get_clim()[0] == -change.get_clim()[1]
    colour = Panel(*(array if array.ndim == 1 else np.tile(array, 2) for array in panel()))
    with styled():
        figure = draw_panels({2.0: colour}, image_shape=(3, 2, 2))
    assert figure.axes[2].images[0].get_array().shape == (2, 2, 3)


def images_with_edges():
    """Images of 4 x 4 pixels: the left half is brighter in class 0, the right half in class 1."""
    rng = np.random.default_rng(0)
    y = np.arange(60) % 2
    sides = np.arange(4) // 2 == y[:, None]
    X = rng.random((60, 4, 4)) * 0.2 + 0.6 * sides[:, None]
    return X.reshape(60, 16).astype(np.float32), y


def test_adversarial_images_of_a_network_that_is_trained_for_them():
    X, y = images_with_edges()
    training = {"loss": "cross_entropy", "optimiser": "adam", "step_size": 0.01, "epochs": 5}
    options = {"training": training, "n_samples": 50, "width": 8, "shown": 3}
    with styled():
        figure = adversarial_images(X, y, image_shape=(4, 4), class_names=("a", "b"), **options)
    titles = np.array([axes.get_title() for axes in figure.axes]).reshape(7, 3)
    assert titles[0].tolist() == [("a", "b")[label] for label in y[-3:]]
    for p, radii, changed in zip((1, 2, np.inf), titles[1::2], titles[2::2], strict=True):
        assert (changed != titles[0]).all() and (radii.astype(float) > 0).all(), p
    perturbed = [axes.images[0].get_array() for axes in figure.axes[6:9]]
    # Drawn with the brightest of the images as 1.
    brightest = X.max() / X[-3:].max() * (1 + 1e-6)
    assert all(image.min() >= 0 and image.max() <= brightest for image in perturbed)
    with pytest.raises(UserError, match="58 images to train on and 3 to show are not among 60"):
        adversarial_images(X, y, image_shape=(4, 4), **options | {"n_samples": 58})


@pytest.mark.parametrize(
    ("kind", "table", "options", "named"),
    [
        ("double_descent", None, {"quantities": ["size"]}, "quantities: found 'size', expected er"),
        ("double_descent", None, {"x": "depth"}, "x: found 'depth', expected n_features"),
        ("double_descent", FEATURES.drop(columns="norm"), {}, "found no column norm"),
        ("double_descent", None, {"only": {"n_samples": 5}}, "found no trials with"),
        ("thresholds", None, {"datasets": ["cifar10"]}, "found no trials with"),
        ("parameters", None, {"only": None}, r"dataset varies \(moons, mnist_1v8, mnist\)"),
        ("radii", None, {"attack": "cw"}, "attack: found 'cw', expected least"),
        ("radii", None, {"certificate": "best"}, "certificate: found 'best', expected certified_r"),
        ("robust_accuracy", pd.concat([RADII, RADII.assign(width=1)]), {}, "width varies"),
        ("lipschitz_course", None, {"beside": ["loss"]}, "beside: found 'loss', expected train_er"),
        ("lipschitz_course", None, {"ps": [3]}, "found no trials with"),
    ],
)
def test_mistakes_are_named(kind, table, options, named):
    with pytest.raises(UserError, match=named):
        drawn(kind, table, **options)


def test_mistakes_about_parameters_and_images():
    one = THRESHOLDS[THRESHOLDS["threshold_width"] == THRESHOLDS["threshold_width"].min()]
    with pytest.raises(UserError, match="do not tell the input dimension"):
        drawn("parameters", one[one["dataset"] == "mnist_1v8"].head(1))
    for panels, named in (
        ({}, "found no images"),
        ({2.0: panel()}, r"dimension 6, expected the product of the image shape \(3, 3\)"),
        ({1.0: panel(), 2.0: panel()._replace(images=np.ones((2, 6)))}, "other images for another"),
    ):
        with pytest.raises(UserError, match=named):
            draw_panels(panels, image_shape=(3, 3))
