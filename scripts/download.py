"""Have a raw set at hand: from the user's folder, the cache, or the network."""

import hashlib
import json
from pathlib import Path

from memrob.data.sources import obtain
from memrob.numerics.files import whole_file
from memrob.workflow.jobs import run_job, run_shell


def download(raw_set: str, record: Path, mirror: str | None = None) -> None:
    """Obtain a raw set, check its content, and record what it is.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}
        Which set.
    record : path
        JSON to write: number of images, and checksum of their pixels and labels.
    mirror : str, optional
        Folder that holds copies of raw sets.
    """
    raw = obtain(raw_set, mirror)
    print(f"{raw_set}: read from {raw.origin}")
    content = {
        "raw_set": raw_set,
        "images": len(raw.labels),
        "training_images": raw.n_train,
        "pixels_sha256": hashlib.sha256(raw.pixels.tobytes()).hexdigest(),
        "labels_sha256": hashlib.sha256(raw.labels.tobytes()).hexdigest(),
    }
    with whole_file(record) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n")


if "snakemake" in globals():
    run_job(
        snakemake,
        download,
        raw_set=snakemake.wildcards.raw_set,
        record=snakemake.output.record,
        mirror=snakemake.config["data"]["mirror"],
    )
else:
    run_shell(download)
