"""``memrob dataset``: build a data set of the catalogue, or list them."""

import argparse
from pathlib import Path

from memrob.data import DATASETS, prepare
from memrob.errors import UserError
from memrob.numerics.files import no_file_at


def add_parser(subparsers: argparse._SubParsersAction) -> argparse.ArgumentParser:
    """Add the command to ``memrob``'s.

    Parameters
    ----------
    subparsers : what ``ArgumentParser.add_subparsers`` returned

    Returns
    -------
    argparse.ArgumentParser
        The command's own parser, whose default ``run`` is `run`.
    """
    parser = subparsers.add_parser(
        "dataset",
        description="Build a data set of the catalogue as an NPZ file with X (N, d) float32 and "
        "y (N,) int64, or list the catalogue.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="one of: " + ", ".join(DATASETS))
    parser.add_argument("--out", type=Path, metavar="FILE.npz", help="file to write")
    parser.add_argument(
        "--mirror",
        metavar="DIR",
        help="folder with copies of MNIST or CIFAR-10, tried first (default: $MEMROB_DATA)",
    )
    parser.add_argument("--list", action="store_true", help="list the data sets and end")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Build the data set that the arguments name, or list the catalogue.

    Parameters
    ----------
    args : argparse.Namespace
        With ``name``, ``out``, ``mirror`` and ``list``.

    Returns
    -------
    int
        Exit status, 0.

    Raises
    ------
    UserError
        If an argument is missing or wrong, or the data set cannot be had.
    """
    if args.list:
        _print_catalogue()
        return 0
    if args.name is None:
        raise UserError(f"NAME is missing, it must be one of {', '.join(DATASETS)} (or --list)")
    if args.out is None:
        raise UserError("--out FILE.npz is missing, it says where the data set is written")
    found = no_file_at(args.out)
    if found is not None:
        raise UserError(f"--out {args.out}: expected a file name, found {found}")
    dataset = prepare(args.name, args.out, mirror=args.mirror)
    n_samples, input_dim = dataset.X.shape
    n_classes = len(set(dataset.y.tolist()))
    print(
        f"{args.out}: {args.name}, {n_samples:,} points in dimension {input_dim:,}, "
        f"{n_classes} classes"
    )
    return 0


def _print_catalogue() -> None:
    print(f"{'name':<11} {'points':>9} {'dim':>5}  {'needs':<8} description")
    for name, entry in DATASETS.items():
        needs = entry.downloads or "-"
        print(
            f"{name:<11} {entry.n_samples:>9,} {entry.input_dim:>5,}  {needs:<8} "
            f"{entry.description}; {entry.classes}"
        )
