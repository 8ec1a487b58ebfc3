"""A small run of two experiments, of which one could not be made."""

import json
import struct
import zlib

import pandas as pd

from memrob.data.catalogue import DATASETS
from memrob.gallery import build_gallery
from memrob.gallery.comparison import COLUMNS


def png(width, height):
    """A white PNG of the given size."""

    def chunk(kind, body):
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def configuration(name, dataset, figures):
    options = {"kind": "heatmap", "caption": f"Caption of {name}."}
    options |= {"x": "max_bias", "y": "first_width"}
    quantities = {"probability": "interpolated"}
    rules = {
        "probability": {
            "never_without_bias": "[M] 4.1, p. 25",
            "earliest_near_published": "own",
        },
        "width": {"peak_before_interpolation": "own"},
    }
    return {
        "name": name,
        "part": "interpolation",
        "title": f"Title of {name}",
        "dataset": dataset,
        "download": DATASETS[dataset].downloads,
        "figures": {
            figure: {
                **options,
                "quantity": quantities.get(figure, "second_width"),
                "claims": [
                    {"rule": rule, "source": source}
                    for rule, source in rules.get(figure, {}).items()
                ],
            }
            for figure in figures
        },
    }


EXPERIMENTS = [
    configuration("moons", "moons", ["probability", "width"]),
    configuration("cifar10", "cifar10", ["width"]),
]
MISSING = {"cifar10": "no source delivered it; put the archive into data/raw"}


def moons_trials(interpolated_without_bias=0):
    rows = [
        ("moons", 1000, n, bias, int(bias > 0 or interpolated_without_bias), 0.9, 0.9, n / 8, 1)
        for n in (100, 200, 300)
        for bias in (0.0, 0.95)
        for _ in range(4)
    ]
    columns = ["dataset", "n_samples", "first_width", "max_bias", "interpolated", "accuracy"]
    return pd.DataFrame(rows, columns=[*columns, "covered", "second_width", "fit_seconds"])


def make_run(tmp_path):
    """A run that made both figures of moons and nothing of cifar10."""
    results = tmp_path / "results" / "interpolation"
    figures = tmp_path / "figures" / "interpolation" / "moons"
    results.mkdir(parents=True)
    figures.mkdir(parents=True)
    moons_trials().to_csv(results / "moons.csv", index=False)
    record = {
        "wall_seconds": 200.4,
        "scale": "default",
        "git_commit": "abc1234",
        "versions": {"numpy": "2.3.0"},
        "machine": "a machine",
        "chunks": 2,
    }
    (results / "moons.json").write_text(json.dumps(record))
    for name in ("probability", "width"):
        (figures / f"{name}.png").write_bytes(png(12, 8))
        (figures / f"{name}.pdf").write_bytes(b"%PDF-1.4")
    published = moons_trials().drop_duplicates(["first_width", "max_bias"])
    published = published.assign(trials=50, second_width_mean=published["first_width"] / 8 + 0.5)
    write(tmp_path / "data" / "reference" / "moons.csv", published.to_csv(index=False))
    write(tmp_path / "config" / "experiments" / "interpolation" / "moons.yaml", "title: Moons")
    write(tmp_path / "workflow" / "rules" / "figures.smk", "rule figure:\n    input: []\n")
    logs = tmp_path / "logs" / "interpolation" / "moons"
    write(logs / "width.figure.log", "")
    for number in range(3):
        write(logs / f"{number:03d}-0123456789.log", "trials")
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_comparison(root):
    """The comparison of the widths of the small run with published cells."""
    rows = [
        ("moons", 1000, n, bias, "second_width", n / 8 + 0.5, n / 8, -bias, 4, 50)
        for n in (100, 200, 300)
        for bias in (0.0, 0.95)
    ]
    write(
        root / "results" / "fidelity.csv", pd.DataFrame(rows, columns=COLUMNS).to_csv(index=False)
    )


def build(root, experiments=EXPERIMENTS, missing=MISSING, scale="default"):
    out = root / "figures" / "index.html"
    build_gallery(root, experiments, scale=scale, missing=missing, out=out)
    return out.read_text(encoding="utf-8")
