"""What the scripts about push channels share: signatures, an authorising service, a line that can be
cut, and the servers. Pusher's protocol as its documentation describes it."""

import contextlib
import hashlib
import hmac
import http.server
import json
import queue
import socket
import struct
import threading
import time
import urllib.parse
import urllib.request

APP_ID, APP_KEY, APP_SECRET = "1001", "app-key", "app-secret"


def signature(text, secret=APP_SECRET):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def publish(port, channel, event, data):
    """Publishes an event through a server's REST API."""
    body = json.dumps({"name": event, "channels": [channel], "data": json.dumps(data)}).encode()
    query = {
        "auth_key": APP_KEY,
        "auth_timestamp": int(time.time()),
        "auth_version": "1.0",
        "body_md5": hashlib.md5(body).hexdigest(),
    }
    path = f"/apps/{APP_ID}/events"
    text = urllib.parse.urlencode(sorted(query.items()))
    query["auth_signature"] = signature(f"POST\n{path}\n{text}")
    address = f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(
        address, data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


class Authorizer:
    """Signs what is asked for with `secret`, as the service does; refuses while `refuses` is set."""

    def __init__(self):
        self.asked, self.refuses, self.secret = [], False, APP_SECRET
        authorizer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                authorizer.asked.append((body, self.headers["Authorization"]))
                if authorizer.refuses:
                    return self.answer(403, {"message": "This client id is not yours."})
                text = f"{body['socket_id']}:{body['channel_name']}"
                self.answer(200, {"auth": f"{APP_KEY}:{signature(text, authorizer.secret)}"})

            def answer(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/broadcasting/auth"


class Line:
    """A TCP line to a server that can be cut without a goodbye."""

    def __init__(self, port):
        self.port, self.open = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.port))
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def cut(self):
        """Resets whatever is open."""
        cut, self.open = self.open, []
        for one in cut:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Lines:
    """What a process prints, one JSON object a line, as it comes."""

    def __init__(self, process):
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream):
        for text in stream:
            if text.startswith("{"):
                self.lines.put(json.loads(text))
        self.lines.put(None)

    def wait_for(self, wanted, seconds=20):
        """The first line for which `wanted` holds; none if it does not come."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                return None
            self.seen.append(line)
            if line is None or wanted(line):
                return line
        return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for_port(port, process, seconds=20):
    """Whether a server listens there before the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        time.sleep(0.1)
    return False
