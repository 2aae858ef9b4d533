"""The real showcase binary as the tests run it: on a free port, with data of its own, gone when the test is."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SHOWCASE", str(ROOT / "target" / "debug" / "showcase"))
STARTS_WITHIN_S = 30


class Showcase:
    """Runs from `start` to `stop`; `host` is `127.0.0.1:PORT` in between."""

    def __init__(self):
        self._data = tempfile.mkdtemp(prefix="showcase-")
        self._start()

    def _start(self):
        self._process = subprocess.Popen(
            [BINARY, "--listen", "127.0.0.1:0", "--data", self._data],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.host = self._read_host()

    def _read_host(self):
        # A binary that never says where it listens is killed, which ends the reading.
        late = threading.Timer(STARTS_WITHIN_S, self._process.kill)
        late.start()
        try:
            for line in self._process.stdout:
                if address := re.search(r"listening on http://(\S+)", line):
                    return address[1]
        finally:
            late.cancel()
        self.stop()
        raise RuntimeError(f"`{BINARY}` did not say where it listens")

    def restart(self):
        """Kills it, which leaves it no time to write anything down, and starts it with the data that is there."""
        self._kill()
        self._start()

    def _kill(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def stop(self):
        self._kill()
        shutil.rmtree(self._data, ignore_errors=True)
