"""A publisher on the loopback interface, which answers as badly as it is told."""

import gzip
import http.server
import re
import select
import socket
import threading
import time
from urllib.parse import urlsplit

from memrob.data import downloads


class Publisher(http.server.ThreadingHTTPServer):
    """A server of files by their names, whatever the folder, which can be asked as a proxy too.

    Parameters
    ----------
    files : dict of str to bytes
    context : ssl.SSLContext, optional
        Makes it a server of https.

    Attributes
    ----------
    answers : list of callable
        How the next requests are answered, one each; after them, as by `whole`.
    always : callable, optional
        How the requests after those are answered, in place of `whole`.
    requests : list of (str, str or None)
        Path and range of each request.
    tunnel : int, optional
        Port on this machine to which the proxy leads every tunnel; without it, it refuses them.
    """

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, files, context=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.answers, self.always, self.requests = files, [], whole, []
        self.tunnel = None
        self.closing = threading.Event()
        self.scheme = "https" if context else "http"
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self):
        return f"{self.scheme}://localhost:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        server, path = self.server, urlsplit(self.path).path
        server.requests.append((path, self.headers.get("Range")))
        answer = server.answers.pop(0) if server.answers else server.always
        content = server.files.get(path.rsplit("/", 1)[-1])
        (status(404) if content is None else answer)(self, content)
        self.close_connection = True

    def do_CONNECT(self):
        if self.server.tunnel is None:
            self.send_error(503)
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.server.tunnel)) as there:
            ends = {self.connection: there, there: self.connection}
            while readable := select.select(list(ends), [], [], 20)[0]:
                for end in readable:
                    if not (data := end.recv(1 << 16)):
                        self.close_connection = True
                        return
                    ends[end].sendall(data)

    def answer(self, code, content, **headers):
        self.send_response(code)
        headers.setdefault("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)


def whole(handler, content):
    """The file, or the range of it that is asked for."""
    asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    if asked is None:
        return handler.answer(200, content, Content_Length=len(content))
    start, size = int(asked[1]), len(content)
    if start >= size:
        return handler.answer(416, b"", Content_Length=0)
    headers = {"Content_Range": f"bytes {start}-{size - 1}/{size}", "Content_Length": size - start}
    return handler.answer(206, content[start:], **headers)


def whole_without_ranges(handler, content):
    handler.answer(200, content, Content_Length=len(content))


def without_length(handler, content):
    handler.answer(200, content, Connection="close")


def chunked(handler, content):
    halves = content[: len(content) // 2], content[len(content) // 2 :], b""
    body = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves)
    handler.answer(200, body, Transfer_Encoding="chunked")


def chunked_truncated(handler, content):
    handler.answer(200, b"%x\r\n%s" % (len(content), content[:9]), Transfer_Encoding="chunked")


def called_encoded(handler, content):
    """The packed file as it is, with its packing called an encoding of the transport."""
    handler.answer(200, content, Content_Length=len(content), Content_Encoding="gzip")


def encoded(handler, content):
    """The packed file, packed once more on its way."""
    called_encoded(handler, gzip.compress(content))


def unpacked(handler, content):
    """What is in the packed file, under its name."""
    whole_without_ranges(handler, gzip.decompress(content))


def unasked_part(handler, content):
    """The first bytes with status 206, though the whole file is asked for."""
    headers = {"Content_Range": f"bytes 0-8/{len(content)}", "Content_Length": 9}
    handler.answer(206, content[:9], **headers)


def other_part(handler, content):
    size = len(content)
    headers = {"Content_Range": f"bytes 5-{size - 1}/{size}", "Content_Length": size - 5}
    handler.answer(206, content[5:], **headers)


def part_without_range(handler, content):
    handler.answer(206, content, Content_Length=len(content))


def page(handler, content):
    text = b"<!DOCTYPE html><title>Log in to this network</title>"
    handler.answer(200, text, Content_Length=len(text), Content_Type="text/html")


def altered(handler, content):
    middle = len(content) // 2
    whole_without_ranges(handler, content[:middle] + bytes(9) + content[middle + 9 :])


def empty(handler, content):
    handler.answer(200, b"", Content_Length=0)


def status(code):
    def answer(handler, content):
        handler.answer(code, b"no", Content_Length=2)

    return answer


def truncated(n_bytes):
    """Hang up after some bytes of the file or of its rest."""

    def answer(handler, content):
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        headers = {"Content_Length": len(content) - start}
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        handler.answer(206 if start else 200, content[start : start + n_bytes], **headers)

    return answer


def truncated_without_ranges(handler, content):
    handler.answer(200, content[:9], Content_Length=len(content))


def redirected(url):
    def answer(handler, content):
        name = urlsplit(handler.path).path.rsplit("/", 1)[-1]
        handler.answer(302, b"", Location=f"{url}/{name}", Content_Length=0)

    return answer


def round_in_circles(handler, content):
    handler.answer(302, b"", Location=handler.path, Content_Length=0)


def silent(handler, content):
    handler.server.closing.wait(60)


def stalled(handler, content):
    handler.answer(200, content[:9], Content_Length=len(content))
    handler.server.closing.wait(60)


def trickling(handler, content):
    handler.answer(200, b"", Content_Length=len(content))
    for byte in content:
        handler.wfile.write(bytes([byte]))
        if handler.server.closing.wait(0.05):
            return


def endless(handler, content):
    handler.answer(200, b"", Connection="close")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        handler.wfile.write(bytes(1 << 16))


def hung_up(handler, content):
    handler.connection.shutdown(socket.SHUT_RDWR)


def gibberish(handler, content):
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n\r\n")


if __name__ == "__main__":
    # Serves the files of a folder until it is ended; prints its port.
    import sys
    from pathlib import Path

    served = {path.name: path.read_bytes() for path in Path(sys.argv[1]).glob("*.gz")}
    with Publisher(served) as server:
        print(server.server_port, flush=True)
        server.closing.wait()


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
