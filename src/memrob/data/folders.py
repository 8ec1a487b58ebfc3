"""Image sets in a folder: a copy that the user supplies, or the cache of earlier downloads."""

from pathlib import Path

from memrob.data.raw import CIFAR10_FILES, MNIST_FILES, RawImages, read_cifar10, read_mnist

#: Where in a folder the files of MNIST are looked for; ``MNIST/raw`` is torchvision's place.
MNIST_PLACES = ("mnist", ".", "MNIST/raw")

#: Where in a folder the archive of CIFAR-10, or else its unpacked folder, is looked for.
CIFAR10_ARCHIVE = "cifar-10-binary.tar.gz"
CIFAR10_PLACES = (
    f"cifar10/{CIFAR10_ARCHIVE}",
    CIFAR10_ARCHIVE,
    "cifar10/cifar-10-batches-bin",
    "cifar-10-batches-bin",
    "cifar10",
    ".",
)


class UnavailableError(Exception):
    """A source does not have a set; the message is the reason in a few words."""


def load_folder(raw_set: str, folder: Path) -> RawImages:
    """Read a raw set from a folder.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}
    folder : path
        Looked through at `MNIST_PLACES` or `CIFAR10_PLACES`.

    Returns
    -------
    RawImages

    Raises
    ------
    UnavailableError
        If the folder lacks the set or one of its files.
    UserError
        If it holds a file of the set with another content.
    """
    if raw_set == "mnist":
        return read_mnist(find_mnist(folder), str(folder))
    return read_cifar10(find_cifar10(folder))


def find_mnist(folder: Path) -> dict[str, Path]:
    """Where the four files of MNIST lie in a folder, packed or not.

    Parameters
    ----------
    folder : path

    Returns
    -------
    dict of str to path

    Raises
    ------
    UnavailableError
        If one is missing.
    """
    found = {}
    for name in MNIST_FILES:
        paths = (folder / place / f"{name}{end}" for place in MNIST_PLACES for end in (".gz", ""))
        path = next((path for path in paths if path.is_file()), None)
        if path is not None:
            found[name] = path
    missing = [name for name in MNIST_FILES if name not in found]
    if missing:
        raise UnavailableError(f"lacks {missing[0]}.gz" if found else "lacks it")
    return found


def find_cifar10(folder: Path) -> Path:
    """Where CIFAR-10 lies in a folder, as an archive or unpacked.

    Parameters
    ----------
    folder : path

    Returns
    -------
    path
        The archive, or the folder that holds all six unpacked files.

    Raises
    ------
    UnavailableError
        If there is neither.
    """
    reason = "lacks it"
    for place in CIFAR10_PLACES:
        path = folder / place
        if path.name == CIFAR10_ARCHIVE:
            if path.is_file():
                return path
            continue
        missing = [name for name in CIFAR10_FILES if not (path / name).is_file()]
        if not missing:
            return path
        if len(missing) < len(CIFAR10_FILES):
            reason = f"lacks {missing[0]}"
    raise UnavailableError(reason)
