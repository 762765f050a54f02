"""HTTP as bytes: what no honest client sends can be sent, and what came back is taken apart.

    with http_raw.serving(book, "--workers", "2") as server:
        told = server.say(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        told.statuses, told.closed, told.replies[0].header("etag"), told.replies[0].body

No test by itself.
"""
import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time

import spine

NOW = "2026-11-20T16:10:00Z"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def checked():
    """The program with sanitizers when it is there: what they find ends it."""
    return spine.CHECKED if os.access(spine.CHECKED, os.X_OK) else spine.program()


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Told:
    """Everything that came back on one connection."""

    def __init__(self, raw, closed):
        self.raw, self.closed, self.replies, self.whole = raw, closed, [], []
        rest = raw
        while rest.startswith(b"HTTP/1.") and b"\r\n\r\n" in rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            status = int(lines[0].split()[1])
            headers = [tuple(line.split(": ", 1)) for line in lines[1:] if ": " in line]
            reply = Reply(status, headers, b"")
            length = 0 if status in (100, 304) else int(reply.header("Content-Length") or 0)
            if status != 100 and len(rest) >= length:
                self.whole.append(reply)
            reply.body, rest = rest[:length], rest[length:]
            self.replies.append(reply)
        self.rest = rest

    @property
    def statuses(self):
        return [reply.status for reply in self.replies]

    def __repr__(self):
        return f"{self.statuses} {'closed' if self.closed else 'open'} {self.raw[:300]!r}"


def read_all(connection, seconds, replies=None):
    """What comes until the other side closes, until nothing came for so long, or until there are
    so many replies."""
    connection.settimeout(seconds)
    raw = b""
    try:
        while replies is None or len(Told(raw, False).whole) < replies:
            piece = connection.recv(65536)
            if not piece:
                return raw, True
            raw += piece
        return raw, False
    except TimeoutError:
        return raw, False
    except ConnectionResetError:
        return raw, True


class Server:
    def __init__(self, process, address, log):
        self.process, self.address, self.log_file = process, address, log
        self.scheme, host = re.match(r"(https?)://(.*)$", address).groups()
        self.host, port = host.rsplit(":", 1)
        self.port, self.pid = int(port), process.pid

    def connect(self, timeout=30):
        return socket.create_connection((self.host.strip("[]"), self.port), timeout)

    def say(self, *pieces, seconds=5.0, between=0.0, replies=None):
        """Sends the pieces, and listens: until it is closed, until nothing comes for so many seconds,
        or until there are so many replies."""
        with self.connect() as connection:
            for number, piece in enumerate(pieces):
                if number and between:
                    time.sleep(between)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(piece)
            return Told(*read_all(connection, seconds, replies))

    def ask(self, method, target, headers=(), body=b"", cookie=None):
        """One request and its reply; the connection is closed after it."""
        lines = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if cookie:
            lines.append(f"Cookie: {cookie}")
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        told = self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body, seconds=30)
        if not told.replies:
            raise RuntimeError(f"{method} {target}: no reply, {told!r}")
        return told.replies[-1]

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    def logged(self, count, seconds=5):
        """The log, once it has so many lines."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.log().count("\n") < count:
            time.sleep(0.02)
        return self.log().splitlines()

    def status_field(self, name):
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(rf"^{name}:\s+(\d+)", file.read(), re.M)[1])

    def alive(self):
        return self.process.poll() is None


@contextlib.contextmanager
def serving(book, *words, program=None, listen="127.0.0.1:0", now=NOW, environment=None):
    """The server as long as it is needed. It must end well, and sanitizers must have had nothing
    to say: their words stand in its log."""
    with tempfile.NamedTemporaryFile(prefix="recoup-log-", delete=False) as log:
        pass
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RECOUP_")}
    command = [str(program or checked()), "serve", "--db", str(book), "--listen", listen, *words]
    with open(log.name, "w") as err:
        process = subprocess.Popen(command + (["--now", now] if now else []), stderr=err,
                                   stdout=subprocess.PIPE, text=True,
                                   env=kept | {"TZ": "UTC"} | (environment or {}))
    try:
        found = re.search(r"https?://\S+:\d+", process.stdout.readline())
        if found is None:
            process.wait(10)
            raise RuntimeError(f"the server does not start: {open(log.name).read()}")
        server = Server(process, found.group(0), log.name)
        yield server
        if server.alive():
            process.send_signal(signal.SIGTERM)
        if process.wait(60) != 0:
            raise RuntimeError(f"the server ended with {process.returncode}: {server.log()[-3000:]}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        os.unlink(log.name)


def sign_in(server, user, password="demo-1234-demo"):
    """The cookie of a session."""
    email = user if "@" in user else user + "@fairhaven.example"
    body = f"email={email}&password={password}".encode()
    reply = server.ask("POST", "/sign-in",
                       [("Content-Type", "application/x-www-form-urlencoded")], body)
    cookies = [value for value in reply.all("Set-Cookie") if value.startswith("recoup=")]
    if reply.status != 303 or not cookies:
        raise RuntimeError(f"{email} does not get in: {reply.status} {reply.body[:200]!r}")
    return cookies[0].split(";")[0]


def readable(connection, seconds):
    return bool(select.select([connection], [], [], seconds)[0])
