"""What the scripts share: the command, the sandbox, folders, and ending what was started."""

import atexit
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PEERS = pathlib.Path(os.environ.get("PEERS", TARGET / "peers"))
DRYAPI = TARGET / "debug" / "dryapi"
# How a script ends whose peer cannot be installed: neither agreed nor disagreed.
NOT_TO_BE_HAD = 77
# In seconds. A registry that hangs is one that cannot be reached.
LONGEST_INSTALL = 120
SPEC = ROOT / "xtask" / "spec" / "dryapi.yaml"

# Without this SIGTERM, which `timeout` sends, ends Python at once, and nothing is ended with it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def build():
    """Builds the command."""
    subprocess.run(["cargo", "build", "--quiet", "--package", "dryapi-cli"], cwd=ROOT, check=True)


def build_example(name):
    """Builds one of the programs in Rust that stand beside the scripts."""
    command = ["cargo", "build", "--quiet", "--package", "dryapi-tests", "--example", name]
    subprocess.run(command, cwd=ROOT, check=True)


class NotToBeHad(SystemExit):
    """A peer cannot be installed. Uncaught, it ends the script with 77."""

    def __init__(self, what, why):
        super().__init__(NOT_TO_BE_HAD)
        print(f"could not be had: {what}: {why}", file=sys.stderr, flush=True)


class Sandbox:
    """A sandbox whose clock runs so fast that no limit is met."""

    def __enter__(self):
        command = [DRYAPI, "sandbox", "--json", "--balance", "1000000", "--speed", "10000"]
        self.process = start(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.told = json.loads(self.process.stdout.readline())
        self.base_url = self.told["base_url"]
        self.api_key = self.told["api_key"]
        return self

    def __exit__(self, *_):
        end(self.process)


def start(command, **how):
    """Starts a process that ends with the script at the latest, however early the script is ended."""
    process = subprocess.Popen(command, **how)
    atexit.register(end, process)
    return process


def end(process):
    """Ends what was started."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def dryapi(*args, base_url=None, key="sk-sandbox"):
    """Runs the command; gives its exit code, standard output and standard error."""
    environment = {"PATH": os.environ.get("PATH", ""), "DRYAPI_API_KEY": key}
    if base_url:
        environment["DRYAPI_BASE_URL"] = base_url
    done = subprocess.run(
        [str(DRYAPI), "--no-ledger", *args], env=environment, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def npm_install(home, package):
    """Installs packages from npm's registry, once; raises `NotToBeHad`."""
    wanted = json.dumps(package)
    done = home / "installed.json"
    if done.exists() and done.read_text() == wanted:
        return
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text(wanted)
    flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    install(["npm", "install", *flags], home, ", ".join(package["dependencies"]))
    done.write_text(wanted)


def pip_install(home, *packages):
    """A Python with packages of PyPI; raises `NotToBeHad`."""
    python, done = home / "bin" / "python", home / "installed.txt"
    wanted = "\n".join(packages)
    if not (done.exists() and done.read_text() == wanted):
        home.parent.mkdir(parents=True, exist_ok=True)
        install([sys.executable, "-m", "venv", str(home)], ROOT, "a virtual environment")
        install([str(python), "-m", "pip", "install", "--quiet", *packages], ROOT, wanted)
        done.write_text(wanted)
    return python


def install(command, where, what):
    try:
        done = subprocess.run(
            command, cwd=where, capture_output=True, text=True, timeout=LONGEST_INSTALL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotToBeHad(what, error) from None
    # A failure need not say anything.
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())[:200]
        raise NotToBeHad(what, f"exit {done.returncode} {said}")


def folder():
    """A folder that is gone at the end."""
    return tempfile.TemporaryDirectory()


def fail(message):
    """Ends with what was found."""
    print(message, file=sys.stderr)
    sys.exit(1)
