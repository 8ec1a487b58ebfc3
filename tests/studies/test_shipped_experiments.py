from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.data.catalogue import DATASETS
from memrob.studies.base import SCALES
from memrob.studies.chunks import MOST_CHUNKS
from memrob.studies.registry import PARTS

ROOT = Path(__file__).parents[2]

REFERENCE = ROOT / "data" / "reference"

# [M]: cells, trials per cell, least and largest first width, largest maximal bias.
PUBLISHED = {
    "moons": (2550, 50, 10, 500, 2.5),
    "moons_size": (100, 100, 200, 2000, 1.0),
    "mnist": (650, 25, 20, 500, 2.5),
    "mnist_ext_bias": (30, 25, 1000, 10000, 2.5),
    "mnist_ext_iter": (33, 25, 2500, 10000, 2.5),
    "mnist_1v8_size": (30, 25, 500, 10000, 0.5),
    "mnist_1v9_size": (30, 25, 500, 10000, 0.5),
    "cifar10": (110, 10, 150, 1500, 2.5),
    "cifar10_ext_bias": (30, 5, 1000, 10000, 2.5),
    "cifar10_ext_iter": (33, 5, 2500, 10000, 2.5),
}


def cells_of(trials):
    return {(t.n_samples, t.first_width, round(t.max_bias, 6)) for t in trials}


def test_there_is_a_file_for_every_experiment(shipped):
    assert set(shipped) == {*PUBLISHED, "lines"}
    assert {t.first_width for t in shipped["lines"].trials("paper")} == {2000}


@pytest.mark.parametrize("name", PUBLISHED)
def test_paper_scale_is_the_published_grid(name, shipped):
    n_cells, restarts, least, largest, max_bias = PUBLISHED[name]
    trials = shipped[name].trials("paper")
    assert len(cells_of(trials)) == n_cells
    assert len(trials) == n_cells * restarts
    assert {t.restart for t in trials} == set(range(restarts))
    widths = {t.first_width for t in trials}
    assert (min(widths), max(widths)) == (least, largest)
    assert max(t.max_bias for t in trials) == pytest.approx(max_bias, abs=1e-12)
    assert max(t.n_samples for t in trials) == DATASETS[shipped[name].dataset].n_samples


@pytest.mark.parametrize("name", PUBLISHED)
def test_cells_are_those_of_the_published_table(name, shipped):
    if not (REFERENCE / f"{name}.csv").exists():
        pytest.skip("no published table")
    published = pd.read_csv(REFERENCE / f"{name}.csv")
    keys = published[["n_samples", "first_width", "max_bias"]].round(6)
    assert cells_of(shipped[name].trials("paper")) == set(keys.itertuples(index=False, name=None))


@pytest.mark.parametrize("name", PUBLISHED)
def test_smaller_scales_are_part_of_the_paper_scale(name, shipped):
    # The published seeds and order are for the paper scale, or for all.
    whole = {replace(trial, order="", seed=0) for trial in shipped[name].trials("paper")}
    for scale in ("smoke", "default"):
        if shipped[name].has_trials(scale):
            trials = shipped[name].trials(scale)
            assert {replace(trial, order="", seed=0) for trial in trials} <= whole
            assert len(set(trials)) == len(trials)


def test_default_scale_leaves_nothing_out_and_smoke_needs_no_download(shipped):
    assert all(experiment.takes_part("default") for experiment in shipped.values())
    smoke = [e for e in shipped.values() if e.takes_part("smoke")]
    assert smoke
    assert all(e.download is None for e in smoke)


def test_kinds_options_and_claims_of_all_figures_exist(known):
    for experiment in known.values():
        experiment.check_figures()


def test_every_rule_decides_a_claim_of_some_figure(known):
    for study, kind in PARTS.items():
        figures = [f for e in known.values() if e.part == study for f in e.figures.values()]
        bound = {claim["rule"] for figure in figures for claim in figure.get("claims", ())}
        assert bound == set(kind.rules())


def test_every_kind_is_drawn_by_some_figure(known):
    for study, kind in PARTS.items():
        figures = [f for e in known.values() if e.part == study for f in e.figures.values()]
        assert {figure["kind"] for figure in figures} == set(kind.kinds())


def test_figures_show_values_of_the_grid(shipped):
    for experiment in shipped.values():
        for figure in experiment.figures.values():
            if figure["kind"] == "slices":
                axis = np.array(experiment.axes()[figure["by"]])
                assert all(np.isclose(axis, value).any() for value in figure["at"])
                assert len(experiment.axes()[figure["x"]]) > 1


@pytest.mark.parametrize("scale", SCALES)
def test_a_run_has_well_under_3000_jobs(scale, shipped):
    chunks = [e.chunks(scale, 40) for e in shipped.values() if e.has_trials(scale)]
    assert all(len(c) <= MOST_CHUNKS for c in chunks)
    assert sum(map(len, chunks)) + sum(len(e.figures) + 3 for e in shipped.values()) < 3000
