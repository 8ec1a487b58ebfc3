"""What conda gives to pip."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def pip_lines():
    dependencies = yaml.safe_load((ROOT / "envs/environment.yaml").read_text())["dependencies"]
    (section,) = (d["pip"] for d in dependencies if isinstance(d, dict))
    return section


def test_pip_takes_the_lines_of_the_environment(tmp_path):
    # As conda does it: the lines as they are, in a file beside environment.yaml, from its folder.
    for name in ("envs", "src", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "envs" / "condaenv.requirements.txt").write_text("\n".join(pip_lines()) + "\n")
    # Everything is there already, so that pip needs no index.
    options = ["--dry-run", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "-r", "condaenv.requirements.txt"],
        cwd=tmp_path / "envs",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Would install memrob" in done.stdout


def test_pinned_versions_are_of_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"]]
    for extra in ("dev", "cluster"):
        needed += project["optional-dependencies"][extra]
    pinned = {}
    for name in ("requirements.txt", "requirements-torch.txt"):
        for line in (ROOT / "envs" / name).read_text().splitlines():
            if "==" in line and not line.startswith("#"):
                requirement = Requirement(line)
                version = str(requirement.specifier).removeprefix("==")
                pinned[requirement.name.lower().replace("_", "-")] = version
    for requirement in map(Requirement, needed):
        version = pinned[requirement.name.lower().replace("_", "-")]
        assert version in requirement.specifier, requirement
