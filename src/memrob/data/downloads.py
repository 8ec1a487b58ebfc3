"""Image sets from the network: their addresses, and pooch to fetch them."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from memrob.data.folders import CIFAR10_ARCHIVE, UnavailableError
from memrob.data.raw import MNIST_FILES
from memrob.data.torchvision_mnist import mnist_mirrors
from memrob.errors import UserError

#: Address of the folder of CIFAR-10. Its binary version: torchvision's has to be unpickled.
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/"

#: The files that an address is to have.
FILES = {"mnist": [f"{name}.gz" for name in MNIST_FILES], "cifar10": [CIFAR10_ARCHIVE]}

#: Environment variables that name addresses to be tried in place of the publishers'.
VARIABLES = {"mnist": "MEMROB_MNIST_URL", "cifar10": "MEMROB_CIFAR10_URL"}


def addresses(raw_set: str) -> list[str]:
    """Addresses of the folders that hold a raw set, in the order in which they are tried.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}

    Returns
    -------
    list of str
        The publisher's, unless the environment variable in `VARIABLES` names others, separated by
        spaces. Each ends with a slash.

    Raises
    ------
    UserError
        If the variable names something else than addresses of http or https.
    """
    variable = VARIABLES[raw_set]
    named = os.environ.get(variable, "").split()
    for url in named:
        if not _is_address(url):
            raise UserError(f"{variable}: expected an address http://... or https://..., is {url}")
    if not named:
        named = mnist_mirrors() if raw_set == "mnist" else [CIFAR10_URL]
    return [url if url.endswith("/") else f"{url}/" for url in named]


def _is_address(url: str) -> bool:
    """Whether it names a server by http or https; urllib refuses some brackets and ports."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def titles(urls: list[str]) -> list[str]:
    """Short names of addresses: their servers where these differ, without users and passwords.

    Parameters
    ----------
    urls : list of str
    """
    hosts = [urlsplit(url).netloc.rsplit("@", 1)[-1] for url in urls]
    if len(set(hosts)) == len(hosts):
        return hosts
    return [f"{host}{urlsplit(url).path}" for host, url in zip(hosts, urls, strict=True)]


def fetch_official(base_url: str, names: list[str], folder: Path, retries: int) -> None:
    """Download files from an address with pooch.

    Parameters
    ----------
    base_url : str
        The address of the folder that holds them, with a slash at its end.
    names : list of str
        The files.
    folder : path
        Where they are put; a file is there only once it is whole.
    retries : int
        How often a failed download is begun anew.

    Raises
    ------
    UnavailableError
        If one does not arrive.
    """
    import pooch
    import requests

    from memrob.data.downloader import Downloader

    pooch.get_logger().setLevel("ERROR")
    # No checksums of the archives: what is in them is checked, so a copy that was packed again
    # serves as well, and a wrong one does not.
    registry = pooch.create(
        path=folder, base_url=base_url, registry=dict.fromkeys(names), retry_if_failed=retries
    )
    for name in names:
        try:
            registry.fetch(name, downloader=Downloader())
        except requests.exceptions.RequestException as error:
            raise UnavailableError(str(error)) from error
