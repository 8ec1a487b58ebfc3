"""Write the gallery and the table of claims."""

from pathlib import Path

from memrob.gallery import build_gallery, write_claims_table
from memrob.studies.registry import load_experiments
from memrob.workflow.jobs import run_job, run_shell


def gallery(
    experiments: list[str],
    missing: dict[str, str],
    scale: str,
    page: Path,
    claims: Path,
    configurations: Path = Path("config/experiments"),
) -> None:
    """Write the gallery and the table of claims.

    Parameters
    ----------
    experiments : list of str
        Names, in the order of the page.
    missing : dict
        Raw sets that no source delivered, with the reason.
    scale : str
        Scale of the run.
    page, claims : path
        HTML and CSV to write.
    configurations : path
        Folder of the experiments' configurations, a folder per part.
    """
    loaded = load_experiments(configurations, experiments)
    described = [
        {"name": name, "part": e.part, **e.settings, "source": e.source, "download": e.download}
        for name, e in loaded.items()
    ]
    write_claims_table(Path(), described, claims)
    build_gallery(Path(), described, scale=scale, missing=missing, out=page)


if "snakemake" in globals():
    run_job(
        snakemake,
        gallery,
        experiments=[Path(path).stem for path in snakemake.input.configurations],
        missing=snakemake.params.missing,
        scale=snakemake.config["scale"],
        page=snakemake.output.page,
        claims=snakemake.output.claims,
    )
else:
    run_shell(gallery)
