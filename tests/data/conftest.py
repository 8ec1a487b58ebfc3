"""Tiny image sets in the published formats, and no network."""

import gzip
import hashlib
import io
import socket
import tarfile

import numpy as np
import pytest
from publisher import Publisher

from memrob.data import checks, downloads, sources
from memrob.data.folders import UnavailableError

FETCH_OFFICIAL = downloads.fetch_official
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
NAMED_BY_USERS = ("MEMROB_DATA", *downloads.VARIABLES.values(), *PROXIES)
NAMED_BY_USERS += tuple(name.upper() for name in PROXIES)


@pytest.fixture(autouse=True)
def isolated(monkeypatch, tmp_path):
    """No network, no folder named, and a cache that is empty."""

    def blocked(*args, **kwargs):
        raise UnavailableError("cannot be reached")

    connect = socket.socket.connect

    def no_connection(self, address):
        if self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"):
            return connect(self, address)
        raise AssertionError("a test tried to reach the network")

    monkeypatch.setattr(downloads, "fetch_official", blocked)
    monkeypatch.setattr(sources, "fetch_npm", blocked)
    monkeypatch.setattr(socket.socket, "connect", no_connection)
    for variable in NAMED_BY_USERS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path / "cache"))


class TinyMnist:
    """MNIST with 40 training and 12 test images of 2 x 3 pixels."""

    def __init__(self):
        rng = np.random.default_rng(1)
        self.images = rng.integers(1, 256, size=(52, 2, 3), dtype=np.uint8)
        self.labels = np.resize(np.arange(10, dtype=np.uint8), 52)
        self.files = {
            "train-images-idx3-ubyte": idx(self.images[:40]),
            "train-labels-idx1-ubyte": idx(self.labels[:40]),
            "t10k-images-idx3-ubyte": idx(self.images[40:]),
            "t10k-labels-idx1-ubyte": idx(self.labels[40:]),
        }

    def write(self, folder, packed=True):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            if packed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / name).write_bytes(content)


class TinyCifar10:
    """CIFAR-10 with five batches of 4 training records and 6 test records."""

    def __init__(self):
        rng = np.random.default_rng(2)
        self.records = rng.integers(256, size=(26, checks.CIFAR10_RECORD), dtype=np.uint8)
        self.records[:, 0] = np.resize(np.arange(10), 26)
        parts = np.split(self.records, [4, 8, 12, 16, 20])
        names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
        self.files = {name: part.tobytes() for name, part in zip(names, parts, strict=True)}

    def write_archive(self, path, without=()):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Test records first: the order in the archive must not matter.
        names = [name for name in reversed(self.files) if name not in without]
        path.write_bytes(archive({f"cifar-10-batches-bin/{n}": self.files[n] for n in names}))

    def write_folder(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def idx(array):
    shape = np.array(array.shape, dtype=">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def archive(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def mnist(monkeypatch):
    tiny = TinyMnist()
    for name, content in tiny.files.items():
        monkeypatch.setitem(checks.MNIST_SHA256, name, hashlib.sha256(content).hexdigest())
    return tiny


@pytest.fixture
def cifar10(monkeypatch):
    tiny = TinyCifar10()
    for part, records in (("train", tiny.records[:20]), ("test", tiny.records[20:])):
        in_order = b"".join(sorted(record.tobytes() for record in records))
        monkeypatch.setitem(checks.CIFAR10_SHA256, part, hashlib.sha256(in_order).hexdigest())
    return tiny


@pytest.fixture
def pack():
    """Function that packs {name: content} into the bytes of a tar.gz archive."""
    return archive


@pytest.fixture
def network(monkeypatch):
    """The real downloads, in place of the stand-in of conftest.py."""
    monkeypatch.setattr(downloads, "fetch_official", FETCH_OFFICIAL)


@pytest.fixture
def serve(network, mnist, cifar10, tmp_path):
    """Function that starts a publisher of both sets, and ends it with the test."""
    mnist.write(tmp_path / "published")
    cifar10.write_archive(tmp_path / "published" / "cifar-10-binary.tar.gz")
    files = {path.name: path.read_bytes() for path in (tmp_path / "published").iterdir()}
    started = []

    def start(*answers, context=None, **attributes):
        server = Publisher(files, context)
        server.answers = list(answers)
        for name, value in attributes.items():
            setattr(server, name, value)
        started.append(server)
        server.__enter__()
        return server

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
