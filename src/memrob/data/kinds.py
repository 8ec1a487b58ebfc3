"""What kind of file the user has given: told by its content, and named if it cannot be read."""

import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from memrob.errors import UserError

EXPECTED = "an NPZ, CSV, TSV or Parquet file"

_HEAD_BYTES = 1 << 16
_TEXTS_WITH_ZEROS = (b"\xff\xfe", b"\xfe\xff")
_PARQUET = b"PAR1\x15"
_SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
_SPREADSHEET = "a spreadsheet; save it as CSV"
_UNPACK = "unpack it first"
_ARRAY = "a single NumPy array; save points and labels with np.savez(file, X=X, y=y)"
_OTHERS = [
    (b"\xd0\xcf\x11\xe0", _SPREADSHEET),
    (b"\x93NUMPY", _ARRAY),
    (b"ARROW1", "an Arrow or Feather file; save it as Parquet"),
    (b"\x89HDF", "an HDF5 file; save the table as CSV or Parquet"),
    (b"MATLAB ", "a MATLAB file; save X and y with numpy.savez"),
    (b"SQLite format", "an SQLite database; save the table as CSV"),
    (b"\x80\x02", "a pickle; save the table as CSV or Parquet"),
    (b"\x80\x03", "a pickle; save the table as CSV or Parquet"),
    (b"\x80\x04", "a pickle; save the table as CSV or Parquet"),
    (b"\x80\x05", "a pickle; save the table as CSV or Parquet"),
    (b"BZh", f"a file compressed with bzip2; {_UNPACK}"),
    (b"\xfd7zXZ", f"a file compressed with xz; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"a file compressed with zstd; {_UNPACK}"),
    (b"7z\xbc\xaf", f"a 7z archive; {_UNPACK}"),
    (b"Rar!", f"a RAR archive; {_UNPACK}"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xfe\0\0", "text in UTF-32; save it in UTF-8"),
    (b"\0\0\xfe\xff", "text in UTF-32; save it in UTF-8"),
    (b"version https://git-lfs", "a pointer of Git LFS; fetch the file itself with git lfs pull"),
]
_TEXTS = [
    (rb"<(!doctype|\?xml|html|head|body|table|svg)", "HTML or XML, such as a page to log in"),
    (rb"\{\s*[\"}]|\[\s*[\[{]", "JSON; save the table as CSV"),
    (rb"@relation\s", "an ARFF file; save the table as CSV"),
]
_TEXTS = [(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _TEXTS]


def kind_of(name: str, file: BinaryIO) -> str:
    """Tell the kind of a file by its content, and only by its name if it is damaged.

    Parameters
    ----------
    name : str
        With its suffix, and for messages.
    file : binary file
        Is read from its beginning, and left there.

    Returns
    -------
    {"npz", "parquet", "text"}

    Raises
    ------
    UserError
        That names what the file is, if it is not one of them.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    suffix = PurePath(name).suffix.lower()
    if suffix in _SPREADSHEETS:
        raise _found(name, _SPREADSHEET)
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_archive(name, file)
    if head.startswith(_PARQUET):
        return "parquet"
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            raise _found(name, kind)
    if suffix == ".npz":
        return "npz"
    if suffix in {".parquet", ".pq"}:
        return "parquet"
    if head[257:262] == b"ustar":
        raise _found(name, f"a tar archive; {_UNPACK}")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, kind in _TEXTS:
        if pattern.match(start):
            raise _found(name, kind)
    if b"\0" in head and not head.startswith(_TEXTS_WITH_ZEROS):
        raise _found(name, "binary data, or a text in UTF-16 without a mark; save it in UTF-8")
    return "text"


def _of_archive(name: str, file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        # The reader of NPZ files says that it is damaged.
        return "npz"
    finally:
        file.seek(0)
    if "[Content_Types].xml" in members or "mimetype" in members:
        raise _found(name, _SPREADSHEET)
    if all(member.endswith(".npy") for member in members):
        return "npz"
    shown = ", ".join(ascii(member)[1:-1] for member in members[:3])
    more = f" and {len(members) - 3:,} more" if len(members) > 3 else ""
    raise _found(name, f"a ZIP archive with {shown}{more}; {_UNPACK}")


def _found(name: str, kind: str) -> UserError:
    return UserError(f"{name}: expected {EXPECTED}, found {kind}")
