"""Files from a web server: downloads that are resumed after a break, and that end.

pooch keeps the temporary file, starts failed downloads again and moves what is complete. The
transfer itself is by hand, for three reasons. `pooch.HTTPDownloader` starts from the first byte
after every break. It limits the time of a single read only, so a server that sends a byte every
few seconds holds it forever. And it undoes the ``Content-Encoding`` that some servers declare for
an archive that they send as it is, so a ``.gz`` arrives unpacked. torchvision's downloader, on
urllib, has no time limit, does not resume, and reports proxies and certificates by a traceback.
"""

import gzip
import os
import re
import shutil
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import requests
import urllib3
from tqdm import tqdm

_BLOCK_BYTES = 1 << 16
_QUICK_SECONDS = 2
_GZIP = b"\x1f\x8b"
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_HEADERS = {"Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Limits:
    """When a download is given up.

    A machine without internet must fall through to the next source within seconds.

    Attributes
    ----------
    connect, silence : float
        Seconds for each address of a server, and without a byte from it.
    window, rate : float
        Fewer than `rate` bytes per second over `window` seconds are too few.
    size : int
        Largest file in bytes; the largest of the official ones has 170 MB.
    resumptions, redirects : int
        How often a broken download is resumed, and an answer followed to another address.
    """

    connect: float = 4
    silence: float = 15
    window: float = 30
    rate: float = 10_000
    size: int = 400_000_000
    resumptions: int = 5
    redirects: int = 5


LIMITS = Limits()


class DownloadError(requests.exceptions.RequestException):
    """A download that failed; the message is the reason in a few words."""


class _BrokenError(DownloadError):
    """A download that broke off and may be resumed."""


class Downloader:
    """What pooch calls to write the content of an address to a file.

    Attributes
    ----------
    limits : Limits
    """

    def __init__(self):
        self.limits = LIMITS

    def __call__(self, url: str, output_file: str, pooch: object = None) -> None:
        """Download a file.

        Parameters
        ----------
        url : str
        output_file : str
            Where it is written.
        pooch : pooch.Pooch, optional
            Not used.

        Raises
        ------
        DownloadError
            If it does not arrive, or not whole.
        OSError
            If it cannot be written.
        """
        name = url.rsplit("/", 1)[-1]
        with (
            requests.Session() as session,
            Path(output_file).open("w+b") as file,
            _Bar(f"{urlsplit(url).hostname}: {name}") as bar,
        ):
            session.max_redirects = self.limits.redirects
            encoding = self._receive_whole(session, url, file, bar)
        if encoding in ("gzip", "x-gzip"):
            _unwrap(Path(output_file))
        with Path(output_file).open("rb") as file:
            if file.read(64).lstrip().startswith(b"<"):
                raise DownloadError(f"sent a web page instead of {name}")

    def _receive_whole(self, session, url: str, file: BinaryIO, bar: tqdm) -> str:
        """Content encoding of a file that is received in one piece or several."""
        for _ in range(self.limits.resumptions):
            start = file.tell()
            try:
                return self._receive(session, url, file, bar)
            except _BrokenError:
                if file.tell() <= start:
                    raise  # no progress
        return self._receive(session, url, file, bar)

    def _receive(self, session, url: str, file: BinaryIO, bar: tqdm) -> str:
        """Append what one answer holds to the file, or write it anew; return its encoding."""
        start = file.tell()
        with _get(session, url, start, (self.limits.connect, self.limits.silence)) as answer:
            if start and answer.status_code in (200, 416):
                # The whole file in place of its rest, or no such rest: from the first byte on.
                file.seek(0)
                file.truncate()
                bar.update(-bar.n)
            if start and answer.status_code == 416:
                return self._receive(session, url, file, bar)
            bar.total = total = _announced(answer, start)
            self._copy(answer.raw, file, bar, total)
            return answer.headers.get("Content-Encoding", "").strip().lower()

    def _copy(self, stream, file: BinaryIO, bar: tqdm, total: int | None) -> None:
        since, before = time.monotonic(), file.tell()
        while block := self._read(stream, file.tell(), total):
            file.write(block)
            bar.update(len(block))
            if file.tell() > self.limits.size:
                raise DownloadError(f"sent more than {self.limits.size / 1e6:,.0f} MB")
            if (seconds := time.monotonic() - since) > self.limits.window:
                if file.tell() - before < seconds * self.limits.rate:
                    raise DownloadError(f"sent fewer than {self.limits.rate:,.0f} bytes per second")
                since, before = time.monotonic(), file.tell()
        if total is not None and file.tell() < total:
            raise _BrokenError(_broke_off(file.tell(), total))

    def _read(self, stream, received: int, total: int | None) -> bytes:
        """Next bytes as they arrive, without waiting for a whole block."""
        try:
            return stream.read1(_BLOCK_BYTES, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError as error:
            silence = f"sent nothing for {self.limits.silence:g} s"
            raise _BrokenError(f"{_broke_off(received, total)}: {silence}") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _BrokenError(_broke_off(received, total)) from error


class _Bar(tqdm):
    """A line of progress: in a log one every five seconds, on a terminal redrawn."""

    def __init__(self, title: str):
        interval = 0.5 if sys.stderr.isatty() else 5
        super().__init__(
            desc=title,
            unit="B",
            unit_scale=True,
            mininterval=interval,
            delay=_QUICK_SECONDS,
            ascii=True,
            file=sys.stderr,
        )


def _get(session, url: str, start: int, timeout: tuple[float, float]) -> requests.Response:
    """Answer of a server to a request for all bytes from `start` on, its body unread."""
    headers = _HEADERS | ({"Range": f"bytes={start}-"} if start else {})
    try:
        return session.get(url, stream=True, timeout=timeout, headers=headers)
    except requests.exceptions.ProxyError as error:
        raise DownloadError(f"cannot be reached through the proxy {_proxy(url)}") from error
    except requests.exceptions.SSLError as error:
        raise DownloadError(f"{_certificates(session, url)} do not vouch for it") from error
    except requests.exceptions.ReadTimeout as error:
        raise DownloadError(f"did not answer for {timeout[1]:g} s") from error
    except (requests.exceptions.Timeout, requests.exceptions.ConnectionError) as error:
        raise DownloadError("cannot be reached") from error
    except requests.exceptions.TooManyRedirects as error:
        raise DownloadError("redirects without end") from error
    except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
        if type(error) is OSError:
            # Raised by requests itself: a file that is named and not there.
            raise DownloadError(f"{_certificates(session, url)} cannot be read") from error
        # Such as an address that is none: that of the file, or of the proxy.
        through = f" through the proxy {_proxy(url)}" if _proxy(url) else ""
        raise DownloadError(f"download failed ({type(error).__name__}){through}") from error


def _announced(answer: requests.Response, start: int) -> int | None:
    """Length that the whole file is to have, if the server says so."""
    status, headers = answer.status_code, answer.headers
    if status == 206:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("Content-Range", "").strip())
        if found is None or int(found[1]) != start:
            raise DownloadError("sent another part of the file than was asked for")
        return None if found[2] == "*" else int(found[2])
    if status != 200:
        raise DownloadError(f"HTTP status {status}")
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _unwrap(path: Path) -> None:
    """Undo an encoding of the transport, if a packed file lies within."""
    part = path.with_name(f"{path.name}.unwrapped")
    try:
        with gzip.open(path) as packed, part.open("wb") as file:
            head = packed.read(len(_GZIP))
            if head != _GZIP:
                return  # the archive itself, which the server calls an encoding
            file.write(head)
            shutil.copyfileobj(packed, file)
        part.replace(path)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return  # what it is, the check of its content says
    finally:
        part.unlink(missing_ok=True)


def _broke_off(received: int, total: int | None) -> str:
    return f"broke off after {received:,}{f' of {total:,}' if total else ''} bytes"


def _certificates(session, url: str) -> str:
    """The certificates by which a server is judged, and what names them."""
    named = session.merge_environment_settings(url, {}, None, None, None)["verify"]
    if not isinstance(named, str):
        return "certifi's certificates"
    variable = next((v for v in _CERTIFICATES if os.environ.get(v) == named), "the environment")
    return f"the certificates at {named} ({variable})"


def _proxy(url: str) -> str:
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) or ""
    # Without the password that it may contain.
    return proxy.rsplit("@", 1)[-1].rsplit("//", 1)[-1].rstrip("/")
