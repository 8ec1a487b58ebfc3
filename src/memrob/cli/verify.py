"""``memrob verify``: recompute a random sample of the rows of a table."""

import argparse
from pathlib import Path

from memrob.cli.numbers import whole
from memrob.cli.strict_json import strict_json
from memrob.errors import UserError

SHOWN = 5


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
        "verify",
        description="Recompute a random sample of the trials behind tables of results and say "
        "whether their rows come out the same: exactly, up to rounding, or but for where a "
        "search or a training ended after another rounding. Exit status 1 if one does not.",
    )
    parser.add_argument(
        "tables",
        nargs="+",
        type=Path,
        metavar="TABLE",
        help="results/STUDY/EXPERIMENT.csv, or data/replication/STUDY/EXPERIMENT.parquet",
    )
    parser.add_argument(
        "--trials", "--rows", type=whole, default=10, metavar="N", help="trials of each table"
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of the draw")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--mirror",
        metavar="DIR",
        help="folder with copies of MNIST or CIFAR-10, tried first (default: $MEMROB_DATA)",
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Verify the tables that the arguments name.

    Parameters
    ----------
    args : argparse.Namespace
        With ``tables``, ``trials``, ``seed``, ``json`` and ``mirror``.

    Returns
    -------
    int
        Exit status, 1 if some row came out otherwise.

    Raises
    ------
    UserError
        If an argument is out of range, or a table cannot be read.
    """
    for option, value, least in (("--trials/--rows", args.trials, 1), ("--seed", args.seed, 0)):
        if value < least:
            raise UserError(f"{option}: is {value}; it must be at least {least}")
    # Imported when it is used, since all parts take seconds.
    from memrob.studies.verification import verify

    found = []
    for table in args.tables:
        one = verify(table, args.trials, args.seed, mirror=args.mirror)
        found.append(one)
        if not args.json:
            print(_text(one), flush=True)
    if args.json:
        print(strict_json({"tables": [_object(one) for one in found]}))
    return 0 if all(one.holds for one in found) else 1


def _text(found) -> str:
    beside = ""
    if found.rounded_rows:
        beside += f"{found.rounded_rows:,} more up to rounding, "
    if found.searched_rows:
        beside += (
            f"{found.searched_rows:,} more but for where a search or a training ended (by "
            f"{100 * found.largest_searched:.2g} % at most), "
        )
    lines = [
        f"{found.table}: {found.same_rows:,} of {found.n_rows:,} rows are the same, {beside}of "
        f"{found.n_trials:,} of {found.of_trials:,} trials"
    ]
    for row in found.differences.head(SHOWN).itertuples():
        lines.append(f"  {row.column}: {row.table} in the table, {row.recomputed} now; {row.trial}")
    left = len(found.differences) - SHOWN
    return "\n".join(lines + ([f"  and {left:,} more values"] if left > 0 else []))


def _object(found) -> dict:
    return {
        "table": found.table,
        "holds": found.holds,
        "n_trials": found.n_trials,
        "of_trials": found.of_trials,
        "n_rows": found.n_rows,
        "same_rows": found.same_rows,
        "rounded_rows": found.rounded_rows,
        "searched_rows": found.searched_rows,
        "largest_searched": found.largest_searched,
        "commit": found.commit,
        "differences": found.differences.to_dict("records"),
    }
