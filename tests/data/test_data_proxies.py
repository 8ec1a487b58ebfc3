"""Downloads through proxies, and certificates of the user's own."""

import re
import shutil
import subprocess

import numpy as np
import publisher
import pytest

from memrob.data import downloads, obtain
from memrob.errors import MissingDataError


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
    publisher.publish(monkeypatch, "cifar10", secure)
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(MissingDataError, match="certifi's certificates do not vouch for it"):
        obtain("cifar10")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    proxy = serve(tunnel=secure.server_port)
    publisher.publish(monkeypatch, "cifar10", secure)
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
    publisher.publish(monkeypatch, "mnist", secure, serve())
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
    assert f"the certificates at {tmp_path / named} ({variable})" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_variables_of_other_programs_do_no_harm(monkeypatch, serve, mnist, variable):
    monkeypatch.setenv(variable, "/none.pem")
    publisher.publish(monkeypatch, "mnist", serve())
    np.testing.assert_array_equal(obtain("mnist").labels, mnist.labels)
