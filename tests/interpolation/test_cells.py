import numpy as np
import pandas as pd

from memrob.studies.interpolation.cells import summarise


def table(rows):
    return pd.DataFrame(
        [
            {
                "dataset": "moons",
                "n_samples": 100,
                "first_width": width,
                "max_bias": bias,
                "interpolated": done,
                "accuracy": 0.5 + done / 2,
                "covered": done / 1,
                "second_width": second,
                "fit_seconds": 2.0,
            }
            for width, bias, done, second in rows
        ]
    )


def test_trials_of_a_cell_are_averaged():
    cells = summarise(table([(20, 1.0, 1, 8), (10, 1.0, 0, 3), (20, 1.0, 0, 4)]))
    assert cells["first_width"].tolist() == [10, 20]
    last = cells.iloc[1]
    assert (last.trials, last.interpolated, last.accuracy, last.covered) == (2, 0.5, 0.75, 0.5)
    assert last.second_width_mean == 6
    assert np.isclose(last.second_width_sd, np.sqrt(8))
    assert last.fit_seconds_mean == 2
    assert np.isnan(cells.iloc[0].second_width_sd)


def test_biases_that_differ_by_rounding_are_one_cell():
    cells = summarise(table([(10, 0.15, 1, 3), (10, 0.15000000000000002, 1, 5)]))
    assert cells["max_bias"].tolist() == [0.15]
    assert cells["trials"].tolist() == [2]
