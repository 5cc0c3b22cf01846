"""prism: installed, started, ended, and what it says; what of that is known and meant."""

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

import peer

VERSION = "5.14.2"

# What prism wrongly refuses, whoever sends it: nothing of these is sent.
SKIPPED = ["img2img with images[]", "loras in a form"]
# What the command has no word for: only their answers are looked at. Extended operations are in no
# usual build.
UNNAMED = re.compile(r"/prompts?/\w+/price-calculation$")
EXTENDED = re.compile(r"/(transcribe|videos/replace)(/price(-calculation)?)?$")
# What prism finds in a request and we mean: by which call, and what. Elsewhere the same is a finding.
MEANT = [
    # A form has no booleans. The backend's framework takes 1 and 0; prism takes only `true` and
    # `false`, which the framework's rule for booleans refuses.
    (r"(price )?(video|audio)file2txt", r"request\.body\.include_ts .* must be boolean"),
    (r"img2txt", r"request\.body\.return_result_in_response .* must be boolean"),
    # Of these prices every branch asks for such a boolean, so every branch fails by it.
    (
        r"price (video|audio)file2txt",
        r"request\.body Request body must (match exactly one schema in oneOf"
        r"|have required property '(video|audio)')",
    ),
]
# What prism finds in an answer and we mean: of which answer, and where.
QUIRKS = [
    # The live catalogue lists a model's tasks, and sends an empty list for an empty object.
    (r"models", r"response\.body\.data\.\d+\.(inference_types|info)"),
    # The published description says text; what the service sends is not known, and our client
    # reads texts, lists and objects.
    (r"status txt2embedding", r"response\.body\.data\.result"),
]


def install():
    """prism in a folder of its own."""
    home = peer.PEERS / f"prism-{VERSION}"
    program = home / "node_modules" / ".bin" / "prism"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        package = f"@stoplight/prism-cli@{VERSION}"
        npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", package]
        peer.install(npm, home, package)
    return program


class Prism:
    """prism, and what it says of each request."""

    def __init__(self, *args):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.args = [str(arg) for arg in args]
        self.read = 0
        self.reached = set()

    def __enter__(self):
        self.log = peer.PEERS / f"prism-{self.port}.log"
        where = ["-h", "127.0.0.1", "-p", str(self.port)]
        command = ["node", str(install()), self.args[0], *where, *self.args[1:]]
        with self.log.open("w") as log:
            self.process = peer.start(command, stdout=log, stderr=subprocess.STDOUT)
        for _ in range(600):
            if "is listening" in self.log.read_text():
                self.described = operations(r"\[CLI\] .*? (GET|POST) +http://[^/]+", self.said())
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        peer.end(self.process)
        peer.fail(f"prism did not start:\n{self.log.read_text()}")

    def __exit__(self, *_):
        peer.end(self.process)
        self.log.unlink()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def said(self):
        """What it said since it was last asked, without colours."""
        text = self.log.read_text()
        new, self.read = text[self.read :], len(text)
        return re.sub(r"\x1b\[[0-9;]*m", "", new)

    def violations(self, name):
        """What it found by the call of that name, once it is done writing; and whether one came."""
        time.sleep(0.15)
        if self.process.poll() is not None:
            peer.fail(f"prism ended:\n{self.said()}")
        said = self.said()
        came = operations(r"\[HTTP SERVER\] (\w+) +", said)
        self.reached |= came
        found = [line.strip() for line in said.splitlines() if "Violation" in line]
        return [line for line in found if not meant(MEANT, name, line)], bool(came)

    def ask(self, name, key, path, body=None):
        """What it finds in the answer to one question, but for the quirks; and the answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        if data:
            headers["Content-Type"] = "application/json"
        url = f"{self.url}/api/v1/client/{path}"
        found = []
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as got:
                answer = json.load(got)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
            for one in answer.get("validation") or [{"message": str(answer)}]:
                where = ".".join(str(step) for step in one.get("location", []))
                if not meant(QUIRKS, name, where):
                    found.append(f"{name}: {where} {one['message']}")
        self.violations(name)
        return found, answer


def operations(before, said):
    """The methods and paths in what prism said, ids left out."""
    found = re.findall(before + r"(/[^\s?]+)", said)
    return {(how.upper(), re.sub(r"(request-status)/.*", r"\1", path)) for how, path in found}


def meant(known, name, text):
    """Whether it is known of that call."""
    return any(re.fullmatch(call, name) and re.search(what, text) for call, what in known)
