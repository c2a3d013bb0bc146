"""Starting, watching and stopping the servers under measurement."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_LIMIT_S = 20
STOP_LIMIT_S = 10


class RunError(Exception):
    """The run cannot go on; the message says why."""


def cpu_seconds(pid):
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


@dataclass
class Command:
    """How a server is started."""

    argv: list
    files: list  # must exist
    env: dict = field(default_factory=dict)  # beside this process's own
    folder: Path = HERE  # where it runs
    state_flag: str = ""  # names its state folder; empty: it keeps nothing


def commands(bin_dir, node_modules, credentials):
    """The command of each server, by name."""
    config = HERE / "bellhop.toml"
    node = shutil.which("node") or "/usr/bin/node"
    peer_env = {"NODE_PATH": str(node_modules), "NODE_ENV": "production"}

    def peer(script, *arguments):
        path = HERE / "peers" / script
        return Command([node, str(path), *arguments], [Path(node), path], peer_env)

    bellhop = bin_dir / "bellhop"
    floor = bin_dir / "bellhop-floor"
    return {
        "bellhop": Command([str(bellhop), "--config", str(config), "--listen", "127.0.0.1:0"],
                           [bellhop], folder=credentials.folder, state_flag="--state"),
        "socketio": peer("socketio.js"),
        "ws": peer("ws.js"),
        "ws_relay": peer("ws_relay.js", str(credentials.token_file)),
        "floor": Command([str(floor)], [floor]),
    }


def install_peers(folder):
    """npm ci of the pinned peers in `folder`, unless that very lock file is installed already."""
    lock = HERE / "package-lock.json"
    done = folder / "installed-lock.json"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return folder / "node_modules"
    if not shutil.which("npm"):
        raise RunError("npm is missing: install the Debian packages nodejs and npm")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    outcome = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--omit=dev"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if outcome.returncode != 0:
        raise RunError(f"npm ci failed in {folder}:\n{outcome.stderr}")
    shutil.copy(lock, done)
    return folder / "node_modules"


class Server:
    """One running server, pinned to one core. Use as a context manager."""

    def __init__(self, name, command, core, extra_env=None):
        self.name = name
        self._command = command
        self._env = {**os.environ, **command.env, **(extra_env or {})}
        self._core = core
        self._state = None
        self._log = None
        self.process = None
        self.port = 0

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        self._log = tempfile.TemporaryFile()
        argv = list(self._command.argv)
        if self._command.state_flag:
            self._state = tempfile.TemporaryDirectory(prefix="bellhop-load-")
            argv += [self._command.state_flag, self._state.name]
        core = self._core
        self.process = subprocess.Popen(
            argv, env=self._env, cwd=self._command.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self._log, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        try:
            self.port = self._wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_ready(self):
        os.set_blocking(self.process.stdout.fileno(), False)
        seen = b""
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            seen += self.process.stdout.read() or b""
            for line in seen.decode(errors="replace").splitlines(keepends=True):
                if line.startswith("ready http") and line.endswith("\n"):
                    return int(line.rsplit(":", 1)[1].strip().rstrip("/"))
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RunError(f"{self.name} did not get ready:\n{self.log_tail()}")

    def log_tail(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-2000:]

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self._log.close()
        if self._state:
            self._state.cleanup()


def settle(servers):
    """Waits until all are quiet (they still close the last run's connections), 10 s at most."""
    before = [cpu_seconds(server.pid) for server in servers]
    for _ in range(100):
        time.sleep(0.1)
        now = [cpu_seconds(server.pid) for server in servers]
        if max(late - early for early, late in zip(before, now)) < 0.002:
            return
        before = now
    raise RunError("these never come to rest: " + ", ".join(server.name for server in servers))
