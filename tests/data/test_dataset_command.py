import argparse

import numpy as np
import pytest

from memrob.cli import dataset
from memrob.data import DATASETS, load_npz
from memrob.errors import UserError


def run(*arguments):
    parser = argparse.ArgumentParser()
    dataset.add_parser(parser.add_subparsers())
    args = parser.parse_args(["dataset", *map(str, arguments)])
    return args.run(args)


def test_data_set_is_written_and_reported_in_one_line(tmp_path, capsys):
    out = tmp_path / "folder" / "lines.npz"
    assert run("lines", "--out", out) == 0
    assert load_npz(out).X.shape == (20, 2)
    assert capsys.readouterr().out == f"{out}: lines, 20 points in dimension 2, 2 classes\n"


def test_mirror_is_used(tmp_path, mnist):
    mnist.write(tmp_path / "copies")
    run("mnist", "--out", tmp_path / "mnist.npz", "--mirror", tmp_path / "copies")
    np.testing.assert_array_equal(load_npz(tmp_path / "mnist.npz").y, mnist.labels)


def test_list_names_every_set(capsys):
    assert run("--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", *DATASETS]


def test_mistakes_are_named(tmp_path):
    with pytest.raises(UserError, match="NAME is missing"):
        run("--out", tmp_path / "x.npz")
    with pytest.raises(UserError, match=r"--out FILE\.npz is missing"):
        run("moons")
    with pytest.raises(UserError, match="found a folder"):
        run("moons", "--out", tmp_path)
    with pytest.raises(UserError, match="'moo': there are moons"):
        run("moo", "--out", tmp_path / "x.npz")
    assert list(tmp_path.iterdir()) == []
