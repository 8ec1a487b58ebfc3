"""The scale archive: figures from trials that are kept with the project, none computed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

MOONS = "config/experiments/interpolation/moons.yaml"
TABLE = "results/interpolation/moons.csv"
KEPT = "data/replication/interpolation/moons.parquet"
KEPT_OF_CIFAR10 = "data/replication/interpolation/cifar10"
ROOT = Path(__file__).parents[2]
OF_MOONS = ("--cores", "2", "--config", "experiments=[moons]")


@pytest.mark.slow
def test_a_run_from_the_archive(repository):
    path = repository.folder / MOONS
    content = yaml.safe_load(path.read_text())
    # Published seeds are row numbers of the published grid: of it the first cells.
    content["scales"] = {"smoke": {}, "paper": {"first_width": [10, 20], "max_bias": [0, 0.1]}}
    content["scales"]["paper"]["restarts"] = 2
    content["figures"] = {"probability": content["figures"]["probability"]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    done = repository.snakemake(*OF_MOONS, "scale=paper")
    assert done.returncode == 0, done.stderr
    computed = (repository.folder / TABLE).read_bytes()

    keep = [sys.executable, "-m", "memrob.studies.keep", TABLE]
    kept = subprocess.run(keep, cwd=repository.folder, capture_output=True, text=True)
    assert (kept.returncode, kept.stdout) == (0, f"{KEPT}\n"), kept.stderr
    assert len(pd.read_parquet(repository.folder / KEPT)) == 8

    for folder in ("results", "figures", "logs"):
        subprocess.run(["rm", "-r", folder], cwd=repository.folder, check=True)
    done = repository.snakemake("archive", *OF_MOONS)
    assert done.returncode == 0, done.stderr
    assert (repository.folder / TABLE).read_bytes() == computed
    assert not (repository.folder / "results/interpolation/chunks").exists()
    record = json.loads((repository.folder / TABLE).with_suffix(".json").read_text())
    assert (record["scale"], record["archive"]) == ("paper", KEPT)
    page = (repository.folder / "figures/index.html").read_text()
    assert "kept in data/replication" in page
    replay = pd.read_csv(repository.folder / "results/replay_summary.csv")
    assert replay[["rows", "exact"]].to_numpy().tolist() == [[8, 8]]

    assert "Nothing to be done" in repository.snakemake("archive", *OF_MOONS).stderr

    # Other archived trials make everything anew that shows them.
    rows = pd.read_parquet(repository.folder / KEPT)
    rows.assign(second_width=rows["second_width"] + 1).to_parquet(repository.folder / KEPT)
    done = repository.snakemake("archive", *OF_MOONS)
    assert done.returncode == 0, done.stderr
    assert (repository.folder / TABLE).read_bytes() != computed

    content["scales"]["paper"]["restarts"] = 3
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    done = repository.snakemake("archive", *OF_MOONS)
    assert done.returncode == 2
    assert f"memrob: error: {KEPT}: holds other trials than {MOONS} has" in done.stderr


def test_an_archive_that_holds_none_of_the_experiments(repository):
    done = repository.snakemake("archive", *OF_MOONS)
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("memrob: ")]
    assert line == ("memrob: error: experiments: moons: none has anything at the scale archive")


@pytest.mark.slow
def test_kept_trials_need_no_images(repository, tmp_path):
    """CIFAR-10 cannot be had: only the figure that shows its images is missing, and told."""
    (repository.folder / KEPT_OF_CIFAR10).parent.mkdir(parents=True)
    for suffix in (".parquet", ".json"):
        path = f"{KEPT_OF_CIFAR10}{suffix}"
        shutil.copy(ROOT / path, repository.folder / path)
    run = ("--cores", "2", "--config", "experiments=[cifar10]", "scale=archive")
    unreachable = repository.UNREACHABLE | {"MEMROB_CACHE": str(tmp_path / "cache")}
    for target in ((), ("--", "cifar10"), ("--", "interpolation")):
        done = repository.snakemake(*run, *target, **unreachable)
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stderr.splitlines() if line.startswith("memrob: missing: ")]
        assert len(told) == 1
        assert told[0].startswith("memrob: missing: cifar10: no source delivers CIFAR-10 (")
    made = {path.stem for path in repository.folder.glob("figures/interpolation/cifar10/*.pdf")}
    figures = yaml.safe_load((ROOT / "config/experiments/interpolation/cifar10.yaml").read_text())
    assert made == set(figures["figures"]) - {"samples"}
    assert len(pd.read_csv(repository.folder / "results/interpolation/cifar10.csv")) == 1100
    page = (repository.folder / "figures/index.html").read_text()
    assert page.count("Not made: cifar10 is missing.") == 1
    assert "Not made yet" not in page
