import numpy as np
import pytest

from memrob.errors import UserError
from memrob.studies import draw as drawing
from memrob.studies.interpolation.figures import KINDS
from memrob.studies.material import Material

HEATMAP = {"kind": "heatmap", "quantity": "interpolated", "x": "max_bias", "y": "first_width"}
SLICES = {
    "kind": "slices",
    "quantity": "second_width",
    "x": "first_width",
    "by": "max_bias",
    "at": [0, 0.5, 0.7],
}
SPECS = {
    "heatmap": HEATMAP | {"caption": "text"},
    "slices": SLICES,
    "scatter": {"kind": "scatter", "sizes": [10, 20, 30, 40]},
    "construction": {
        "kind": "construction",
        "step": "hyperplanes",
        "n_samples": 30,
        "first_width": 40,
        "max_bias": 1.0,
        "seed": 0,
    },
    "boundary": {"kind": "boundary", "first_width": 40, "max_bias": 1.0, "seed": 0},
    "boundary_grid": {
        "kind": "boundary_grid",
        "first_widths": [10, 90],
        "max_biases": [0, 1],
        "seed": 0,
        "n_samples": 30,
    },
    "samples": {"kind": "samples"},
}


NEEDS_DATASET = {"scatter", "construction", "boundary", "boundary_grid", "samples"}


def draw(spec, pdf, *, title="", **given):
    drawing.draw(KINDS, spec, pdf, Material(**given), title)


def material(kind, trials, published, planar):
    if kind == "samples":
        images = np.random.default_rng(0).random((12, 3 * 4 * 4)).astype(np.float32)
        labels = np.arange(12) % 3
        return {
            "dataset": (images, labels),
            "image_shape": (3, 4, 4),
            "class_names": ["cat", "dog", "frog"],
        }
    if kind in NEEDS_DATASET:
        return {"dataset": planar}
    return {"trials": trials, "published": published}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_pdf_and_png_twice(
    kind, tmp_path, trials, published, planar, quick_fit
):
    given = material(kind, trials, published, planar)
    found = []
    for name in ("first", "second"):
        draw(SPECS[kind], tmp_path / name / "f.pdf", title="A title", **given)
        found.append([(tmp_path / name / f"f.{end}").read_bytes() for end in ("pdf", "png")])
    assert found[0][0].startswith(b"%PDF") and found[0][1].startswith(b"\x89PNG")
    assert found[0] == found[1]
    assert b"CreationDate" not in found[0][0]


@pytest.mark.parametrize("restarts", [1, 2])
@pytest.mark.parametrize("quantity", ["interpolated", "second_width"])
@pytest.mark.parametrize("spec", [HEATMAP, SLICES], ids=["heatmap", "slices"])
def test_draws_without_published_cells_and_with_few_restarts(
    spec, quantity, restarts, tmp_path, trials
):
    few = trials[trials["restart"] < restarts]
    draw(spec | {"quantity": quantity}, tmp_path / "f.pdf", trials=few)
    assert (tmp_path / "f.png").stat().st_size > 5000


def test_heatmap_of_a_single_row_of_cells(tmp_path, trials):
    draw(HEATMAP, tmp_path / "f.pdf", trials=trials[trials["first_width"] == 30])
    assert (tmp_path / "f.pdf").exists()


def test_user_settings_do_not_change_a_figure(tmp_path, trials):
    import matplotlib as mpl

    plain, odd = (tmp_path / name / "f.pdf" for name in ("plain", "odd"))
    draw(SLICES, plain, trials=trials)
    with mpl.rc_context({"font.size": 20, "lines.linewidth": 7, "pdf.fonttype": 3}):
        draw(SLICES, odd, trials=trials)
    assert plain.read_bytes() == odd.read_bytes()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kind": "pie"}, "pie"),
        ({"colour": "red"}, "colour"),
        ({"quantity": "accuracy"}, "accuracy"),
        ({"x": "first_width", "y": "n_samples"}, "several cells"),
    ],
)
def test_mistakes_in_a_description_are_named(change, named, tmp_path, trials):
    with pytest.raises(UserError, match=named):
        draw(HEATMAP | change, tmp_path / "f.pdf", trials=trials)
    assert not list(tmp_path.iterdir())


def test_a_missing_option_is_named(tmp_path, trials):
    spec = {key: value for key, value in SLICES.items() if key != "at"}
    with pytest.raises(UserError, match=r"figure\.at: is missing"):
        draw(spec, tmp_path / "f.pdf", trials=trials)


@pytest.mark.parametrize("kind", KINDS)
def test_missing_material_is_named(kind, tmp_path):
    with pytest.raises(UserError, match="data set" if kind in NEEDS_DATASET else "trials"):
        draw(SPECS[kind], tmp_path / "f.pdf")


def test_planar_kinds_refuse_other_sets(tmp_path):
    X, y = np.zeros((6, 3), np.float32), np.array([0, 1] * 3)
    with pytest.raises(UserError, match="dimension 3"):
        draw({"kind": "scatter"}, tmp_path / "f.pdf", dataset=(X, y))
    with pytest.raises(UserError, match="sizes"):
        draw({"kind": "scatter", "sizes": [7]}, tmp_path / "f.pdf", dataset=(X[:, :2], y))


def test_files_say_where_they_come_from(tmp_path, trials):
    from PIL import Image

    drawing.draw(KINDS, SLICES, tmp_path / "f.pdf", Material(trials=trials), about="part/moons; x")
    assert Image.open(tmp_path / "f.png").info["Description"] == "part/moons; x"
    assert b"part/moons; x" in (tmp_path / "f.pdf").read_bytes()
