"""A browser without a window that is operated by its keyboard, through its pipe for developers."""

import json
import os
import shutil
import subprocess

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39}
KEYS |= {"ArrowDown": 40, "End": 35, "Home": 36}


class Chromium:
    """One page of a browser; use as a context."""

    def __init__(self, profile):
        # The browser reads from its file descriptor 3 and writes to 4.
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        shell = f'exec "$0" "$@" 3<&{read} 4>&{write}'
        command = ["bash", "-c", shell, BROWSER, *OPTIONS, f"--user-data-dir={profile}"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._browser = subprocess.Popen(command, pass_fds=(read, write), **silent)
        os.close(read)
        os.close(write)
        self._number, self._rest, self._session = 0, b"", None

    def __enter__(self):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.send("Page.enable")
        return self

    def __exit__(self, *_):
        self._browser.kill()
        self._browser.wait()
        os.close(self._out)
        os.close(self._in)

    def send(self, method, **parameters):
        """Send a command and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _receive(self):
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 16)
            assert part, "the browser ended"
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def open(self, address, width=1280, scheme="light"):
        """Open a page at a width in pixels, in a light or dark scheme."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])
        self.send("Page.navigate", url=address)
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def press(self, *keys):
        """Press keys one after another."""
        for key in keys:
            about = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            text = {"Enter": "\r", " ": " "}.get(key)
            typed = {"text": text} if text else {}
            self.send("Input.dispatchKeyEvent", type="keyDown", **about, **typed)
            self.send("Input.dispatchKeyEvent", type="keyUp", **about)

    def ask(self, expression):
        """Value of an expression in JavaScript on the page."""
        wanted = {"expression": expression, "returnByValue": True}
        answer = self.send("Runtime.evaluate", **wanted)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")
