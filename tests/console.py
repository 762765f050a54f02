"""A person at the console, over HTTP: signs in, reads pages, fills in forms, as a browser would
without script.

    with console.serving(book, now="2026-11-20T16:10:00Z") as address:
        omar = console.Console(address, "omar")
        page = omar.get("/queue")
        page = page.form("/snooze").submit(for_="tomorrow")   # what the form had, and this
        omar.post("/somewhere", {"name": "value"})            # with the token of the session

or, for a book and one person: `with console.Console(book, "omar", now=…) as omar:`.

No test by itself.
"""
import contextlib
import html
import html.parser
import http.client
import http.cookies
import os
import re
import signal
import subprocess
import time
import urllib.parse
import uuid

import spine

PASSWORD = "demo-1234-demo"
DEMO_NOW, PAGES_NOW = "2026-11-20T16:00:00Z", "2026-11-20T16:10:00Z"


def demo(folder, accounts=400, now=DEMO_NOW):
    """An invented book in this folder; its path."""
    spine.in_folder(folder, "demo", "--accounts", str(accounts), "--no-serve", "--now", now)
    return os.path.join(folder, "demo-data", "recoup.db")


@contextlib.contextmanager
def serving(book, now=PAGES_NOW, environment=None, flags=()):
    """The server on a free port of the loopback, as long as it is needed; its address."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RECOUP_")}
    words = [os.path.abspath(spine.program()), "serve", "--db", str(book), "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(words + list(flags) + (["--now", now] if now else []),
                              env=kept | {"TZ": "UTC"} | (environment or {}),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        at = re.search(r"http://\S+:\d+", line)
        if at is None:
            server.kill()
            raise RuntimeError(f"the server does not start: {line}{server.stderr.read()}")
        yield at.group(0)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()
        server.stderr.close()


class Forms(html.parser.HTMLParser):
    """The forms of a page, with what stands in their fields."""

    def __init__(self, page):
        super().__init__()
        self.page, self.all, self.form, self.select, self.area = page, [], None, None, None
        self.by_id, self.elsewhere = {}, []
        self.feed(page.text)
        for owner, name, value in self.elsewhere:  # fields that name their form
            if owner in self.by_id:
                self.by_id[owner].fields.append((name, value))

    def add(self, attributes, value):
        name = attributes.get("name")
        if not name or "disabled" in attributes:
            return
        if "form" in attributes:
            self.elsewhere.append((attributes["form"], name, value))
        elif self.form:
            self.form.fields.append((name, value))

    def handle_starttag(self, tag, attributes):
        a = {name: value if value is not None else "" for name, value in attributes}
        if tag == "form":
            self.form = Form(self.page, a)
            self.all.append(self.form)
            if "id" in a:
                self.by_id[a["id"]] = self.form
        elif tag == "input":
            kind = a.get("type", "text")
            if kind in ("checkbox", "radio"):
                if self.form and a.get("name"):
                    self.form.choices.setdefault(a["name"], []).append(a.get("value", "on"))
                if "checked" in a:
                    self.add(a, a.get("value", "on"))
            elif kind not in ("submit", "button", "reset", "image", "file"):
                self.add(a, a.get("value", ""))
        elif tag == "button":
            if self.form and a.get("type", "submit") == "submit" and a.get("name"):
                self.form.buttons.append((a["name"], a.get("value", "")))
        elif tag == "select":
            self.select = (a, [], [])
        elif tag == "option" and self.select:
            self.select[1].append(a.get("value", ""))
            if "selected" in a:
                self.select[2].append(a.get("value", ""))
        elif tag == "textarea":
            self.area = (a, [])

    def handle_data(self, data):
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            a, options, selected = self.select
            if options:
                self.add(a, (selected or options)[0])
            if self.form and a.get("name"):
                self.form.choices.setdefault(a["name"], []).extend(options)
            self.select = None
        elif tag == "textarea" and self.area:
            self.add(self.area[0], "".join(self.area[1]).removeprefix("\n"))  # as browsers do
            self.area = None


class Form:
    def __init__(self, page, attributes):
        self.page = page
        self.action = attributes.get("action") or page.path
        self.method = attributes.get("method", "get").upper()
        self.encoding = attributes.get("enctype", "")
        self.fields, self.buttons, self.choices = [], [], {}

    def submit(self, files=None, follow=True, elsewhere="", **changed):
        """Sends what the form has, with these fields changed: a list sends a name more than once,
        None leaves it out. A name that is a word of Python ends in "_". Some buttons send it
        `elsewhere`."""
        changed = {name.rstrip("_"): value for name, value in changed.items()}
        fields = [pair for pair in self.fields if pair[0] not in changed]
        for name, value in changed.items():
            several = value if isinstance(value, (list, tuple)) else [value]
            fields += [(name, str(one)) for one in several if one is not None]
        if self.method == "GET":
            query = urllib.parse.urlencode(fields)
            return self.page.console.get(self.action.split("?")[0] + "?" + query, follow=follow)
        return self.page.console.post(elsewhere or self.action, fields, files=files, follow=follow, token=False)


class Page:
    def __init__(self, console, path, status, headers, body):
        self.console, self.path, self.status = console, path, status
        self.headers, self.bytes = headers, body
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def forms(self):
        return Forms(self).all

    def form(self, action):
        """The first form whose action contains this."""
        for form in self.forms():
            if action in form.action:
                return form
        raise LookupError(f"no form for {action} on {self.path} ({self.status}): "
                          + ", ".join(form.action for form in self.forms()))

    def links(self, prefix=""):
        found = [html.unescape(link) for link in re.findall(r'<a\b[^>]*?\shref="([^"]*)"', self.text)]
        return [link for link in found if link.startswith(prefix)]

    def words(self):
        """What can be read on it: without markup, every run of blanks one blank."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", self.text, flags=re.S)
        bare = re.sub(r"</?(b|i|em|strong|span|a|kbd|code)\b[^>]*>", "", bare)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", bare))).strip()

    def says(self, *pieces):
        words = self.words()
        return all(piece in words for piece in pieces)


class Console:
    """`where` is an address that serves, or a book, which is served as long as the block lasts.
    `user` is an email address, or its first part at the firm of the demo; None: nobody yet."""

    def __init__(self, where, user=None, password=PASSWORD, now=PAGES_NOW):
        self.jar, self.token, self.stack = {}, None, contextlib.ExitStack()
        if not str(where).startswith("http://"):
            where = self.stack.enter_context(serving(where, now))
        self.address = str(where)
        try:
            if user is not None:
                self.sign_in(user, password)
        except BaseException:
            self.stack.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    # ---- What a browser does ----

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """One request, as it is; no redirect is followed."""
        host = urllib.parse.urlsplit(self.address)
        connection = http.client.HTTPConnection(host.hostname, host.port, timeout=timeout)
        sent = dict(headers or {})
        if self.jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        try:
            connection.request(method, path, body=body, headers=sent)
            reply = connection.getresponse()
            page = Page(self, path, reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()
        for name, value in page.headers:
            if name.lower() == "set-cookie":
                self.keep(value)
        found = re.search(r'name="csrf" value="([0-9a-f]{20,})"', page.text)
        if found:
            self.token = found.group(1)
        return page

    def keep(self, cookie):
        for name, morsel in http.cookies.SimpleCookie(cookie).items():
            if morsel["max-age"] == "0" or morsel.value == "":
                self.jar.pop(name, None)
            else:
                self.jar[name] = morsel.value

    def followed(self, page, follow):
        for _ in range(5):
            if not follow or page.status != 303:
                break
            page = self.ask("GET", page.header("Location"))
        return page

    def get(self, path, follow=True, headers=None):
        return self.followed(self.ask("GET", path, headers=headers), follow)

    def post(self, path, fields=(), files=None, follow=True, token=True, headers=None):
        """`fields` is a dict or pairs; `files` is {field: (name, bytes)}. The token of the session
        is added, unless token is False."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        if token:
            if self.token is None:
                self.get("/me")
            pairs.append(("csrf", self.token or ""))
        body, kind = encoded(pairs, files)
        page = self.ask("POST", path, body, {"Content-Type": kind} | (headers or {}))
        return self.followed(page, follow)

    # ---- Who sits there ----

    def sign_in(self, user, password=PASSWORD):
        email = user if "@" in user else user + "@fairhaven.example"
        page = self.get("/sign-in").form("/sign-in").submit(
            email=email, password=password, follow=False)
        if page.status != 303 or "recoup" not in self.jar:
            raise RuntimeError(f"{email} does not get in: {page.status} {page.words()[:200]}")
        return page

    def sign_out(self):
        return self.post("/sign-out")


def encoded(pairs, files):
    if not files:
        return urllib.parse.urlencode(pairs), "application/x-www-form-urlencoded"
    border, pieces = uuid.uuid4().hex, []
    for name, value in pairs:
        pieces.append(f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                      f"{value}\r\n".encode())
    for name, (file, content) in files.items():
        pieces.append(f'--{border}\r\nContent-Disposition: form-data; name="{name}"; '
                      f'filename="{file}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
                      + content + b"\r\n")
    pieces.append(f"--{border}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={border}"


def timed(console, path, times=5):
    """The quickest of several answers, in milliseconds."""
    best = None
    for _ in range(times):
        begun = time.perf_counter()
        console.get(path)
        took = (time.perf_counter() - begun) * 1000
        best = took if best is None else min(best, took)
    return best
