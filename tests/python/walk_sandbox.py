#!/usr/bin/env python3
"""Walks every error body and every fault of the sandbox, as a program in another language would.

Only the standard library, only HTTP: `dryapi sandbox` is the server, its control interface the
remote control. Usage: walk_sandbox.py PATH_TO_DRYAPI
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

CORPUS = Path(__file__).resolve().parents[2] / "crates/dryapi-testkit/corpus/errors"
KEY = "sk-sandbox-python"
TEXT2IMG = {
    "prompt": "a cat", "model": "Flux1schnell", "width": 256, "height": 256,
    "steps": 1, "guidance": 0, "seed": 7,
}
ACCEPTED = "accepted"
BROKEN = "the connection broke"
SILENT = "no answer"

# What a client meets when a fault is armed on a paid request, and how many jobs are then billed.
PAID = {
    "accept_then_drop": (BROKEN, 1),
    "drop_before_read": (BROKEN, 0),
    "reset_after_accept": (BROKEN, 1),
    "hang": (SILENT, 1),
    "half_answer": (BROKEN, 1),
    "html_502": (502, 1),
    "error_500": (500, 0),
    "book_then_500": (500, 1),
    "rate_limit_minute": (429, 0),
    "rate_limit_daily": (429, 0),
    "job_failed": (ACCEPTED, 1),
    "stuck_job": (ACCEPTED, 1),
    "slow_body": (ACCEPTED, 1),
    # Whoever waits for a status meets none of these.
    "push_cut": (ACCEPTED, 1),
    "webhook_lost": (ACCEPTED, 1),
    "webhook_twice": (ACCEPTED, 1),
    "webhook_late": (ACCEPTED, 1),
    "webhook_reordered": (ACCEPTED, 1),
}


class Sandbox:
    def __init__(self, dryapi, *options):
        command = [dryapi, "--json", "sandbox", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.about = json.loads(self.process.stdout.readline())
        self.netloc = urlsplit(self.about["base_url"]).netloc
        self.admin_path = urlsplit(self.about["admin_url"]).path

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def request(self, method, path, body=None, timeout=30, key=None):
        connection = http.client.HTTPConnection(self.netloc, timeout=timeout)
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        if key:
            headers["Authorization"] = f"Bearer {key}"
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return response.status, names, response.read()
        finally:
            connection.close()

    def admin(self, method, path, body=None):
        status, _, answer = self.request(method, f"{self.admin_path}/{path}", body)
        assert status == 200, (method, path, status, answer)
        return json.loads(answer)

    def submit(self, timeout=30):
        path = "/api/v1/client/txt2img"
        return self.request("POST", path, TEXT2IMG, timeout=timeout, key=KEY)

    def status(self, request_id):
        path = f"/api/v1/client/request-status/{request_id}"
        return json.loads(self.request("GET", path, key=KEY)[2])["data"]

    def charges(self):
        return len(self.admin("GET", f"charges?key={KEY}")["charges"])


def meet(sandbox):
    """What a client meets: a status, or the name of what went wrong."""
    try:
        status, _, body = sandbox.submit(timeout=1)
    except (TimeoutError, socket.timeout):
        return SILENT, None
    except (http.client.HTTPException, ConnectionError):
        return BROKEN, None
    if status == 200:
        return ACCEPTED, json.loads(body)["data"]["request_id"]
    return status, None


def walk_faults(sandbox):
    walked = 0
    for fault in sandbox.admin("GET", "faults")["faults"]:
        name = fault["fault"]
        if name == "error_body" or not fault["emulated"]:
            continue
        sandbox.admin("POST", "reset", {})
        if name == "expired_url":
            walk_expired_url(sandbox)
        elif name == "push_refused":
            walk_push_refused(sandbox)
        else:
            before = sandbox.charges()
            sandbox.admin("POST", "faults", {"fault": name, "on": "txt2img", "times": 1})
            met, request_id = meet(sandbox)
            billed = sandbox.charges() - before
            assert (met, billed) == PAID[name], (name, met, billed, PAID[name])
            if name in ("job_failed", "stuck_job"):
                sandbox.admin("POST", "clock", {"advance": "1h"})
                state = sandbox.status(request_id)["status"]
                assert state == {"job_failed": "error", "stuck_job": "processing"}[name], state
            met, _ = meet(sandbox)
            assert met == ACCEPTED, f"{name} happened twice: {met}"
        walked += 1
    return walked


def walk_expired_url(sandbox):
    _, request_id = meet(sandbox)
    sandbox.admin("POST", "clock", {"advance": "1h"})
    sandbox.admin("POST", "faults", {"fault": "expired_url", "on": "request-status", "times": 1})
    for expected in (403, 200):
        url = urlsplit(sandbox.status(request_id)["result_url"])
        status, _, _ = sandbox.request("GET", f"{url.path}?{url.query}")
        assert status == expected, (expected, status)


def walk_push_refused(sandbox):
    """A channel is authorised beside the API, with the signature that Pusher's protocol asks for."""
    sandbox.admin("POST", "faults", {"fault": "push_refused", "times": 1})
    path = urlsplit(sandbox.about["auth_url"]).path
    channel = f"private-client.{sandbox.about['client_id']}"
    body = {"socket_id": "123.456", "channel_name": channel}
    for expected in (403, 200):
        status, _, answer = sandbox.request("POST", path, body, key=sandbox.about["api_key"])
        assert status == expected, (expected, status)
    app_key = sandbox.about["realtime_url"].rsplit("/", 1)[1]
    assert json.loads(answer)["auth"].startswith(f"{app_key}:"), answer


def raw_body(name):
    return (CORPUS / f"{name}.http").read_bytes().split(b"\r\n\r\n", 1)[1]


def is_generated(name):
    return "\n[generate]\n" in (CORPUS / f"{name}.toml").read_text()


def walk_errors(sandbox):
    errors = sandbox.admin("GET", "errors")["errors"]
    on_disk = {path.stem for path in CORPUS.glob("*.http")}
    served = {error["name"] for error in errors}
    assert on_disk <= served, f"not served: {sorted(on_disk - served)}"
    sandbox.admin("POST", "reset", {})
    before = sandbox.charges()
    for error in errors:
        name = error["name"]
        rule = {"fault": "error_body", "body": name, "on": "*", "times": 1}
        sandbox.admin("POST", "faults", rule)
        try:
            status, _, body = sandbox.submit()
        except http.client.IncompleteRead as cut:
            status, body = error["status"], cut.partial
        except http.client.HTTPException as odd:
            # Python reads at most 100 headers; that it could not read it is an answer, too.
            status, body = error["status"], None
            print(f"  {name}: {odd!r}")
        assert status == error["status"], (name, status, error["status"])
        if body is not None and name in on_disk:
            as_seen = raw_body(name)
            # Some are made large from a small file.
            same = len(body) > len(as_seen) if is_generated(name) else body == as_seen
            assert same, (name, body[:200])
    assert sandbox.charges() == before, "an error body was billed"
    return len(errors)


def refuses_what_it_does_not_know(sandbox):
    path = f"{sandbox.admin_path}/faults"
    status, _, answer = sandbox.request("POST", path, {"fault": "no_such_fault"})
    assert status == 422 and b"accept_then_drop" in answer, (status, answer)


def starts_as_it_is_told(dryapi):
    """A file of faults, and the Basic plan: three pictures a minute."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as faults:
        faults.write('[[faults]]\nfault = "error_500"\non = "txt2img"\n')
        faults.flush()
        sandbox = Sandbox(dryapi, "--plan", "basic", "--faults", faults.name)
        try:
            met = [sandbox.submit()[0] for _ in range(5)]
            assert met[0] == 500 and met[-1] == 429, met
            _, headers, _ = sandbox.submit()
            assert headers["x-ratelimit-type"] == "minute" and int(headers["retry-after"]) > 0
            sandbox.admin("POST", "clock", {"advance": "61s"})
            assert sandbox.submit()[0] == 200
        finally:
            sandbox.stop()


def main():
    starts_as_it_is_told(sys.argv[1])
    sandbox = Sandbox(sys.argv[1])
    try:
        refuses_what_it_does_not_know(sandbox)
        errors = walk_errors(sandbox)
        faults = walk_faults(sandbox)
    finally:
        sandbox.stop()
    print(f"{errors} error bodies and {faults} faults walked")


if __name__ == "__main__":
    main()
