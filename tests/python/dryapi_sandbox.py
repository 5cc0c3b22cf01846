"""A dryAPI sandbox for tests in Python: the standard library only. Copy it into your project."""

import json
import os
import subprocess
import urllib.error
import urllib.request


class Server:
    """`dryapi sandbox` on a free port, until the `with` block ends."""

    def __init__(self, *options, dryapi=os.environ.get("DRYAPI", "dryapi")):
        self.command = [dryapi, "sandbox", "--json", "--port", "0", *options]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        # The first line says where it is: base_url, admin_url, api_key, client_id, webhook_secret.
        self.told = json.loads(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)

    def account(self, name):
        """An account of its own, so that tests do not meet."""
        return Account(self.told, f"sk-sandbox-{name}")


class Account:
    """What a test needs: where to send requests, and what the service made of them."""

    def __init__(self, told, api_key):
        self.base_url = told["base_url"]
        self.api_key = api_key
        self.admin_url = told["admin_url"]

    def charges(self):
        """What this account was billed."""
        return self.admin("GET", f"charges?key={self.api_key}")["charges"]

    def fail(self, fault, on="*", times=1, **more):
        """The next request fails so: `dryapi sandbox` tells the names under ADMIN_URL/faults."""
        rule = {"fault": fault, "on": on, "times": times, "key": self.api_key, **more}
        self.admin("POST", "faults", rule)

    def admin(self, method, path, body=None):
        """A call of the control interface."""
        status, answer = call(method, f"{self.admin_url}/{path}", body)
        assert status == 200, answer
        return answer


def call(method, url, body=None, key=None):
    """An HTTP request with JSON; gives the status and the answer."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
