"""Walks the table of routes (recoup help --routes): whatever is added there is walked by itself.

A reply of the server is looked at by `unsafe` before anybody sees it: what is wrong with every reply
is wrong wherever it comes from. No test by itself.
"""
import html
import http.client
import json
import re
import subprocess
import urllib.parse

import http_raw
import spine

USERS = {"priya": "collector", "lena": "team_lead", "rosa": "manager", "helen": "compliance",
         "ada": "administrator", "vic": "read_only"}
BEGIN, END = "q7Zx", "x7Zq"  # stand around what must come back as it was typed


def routes():
    said = subprocess.run([http_raw.checked(), "help", "--routes"], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def permissions():
    """{role: set of permissions}, as roles/house.yaml says."""
    found, role = {}, None
    for match in re.finditer(r"^  - name: (\w+)|^    can: \[([^\]]*)\]", (spine.ROOT / "roles/house.yaml").read_text(),
                             re.M):
        if match[1]:
            role = match[1]
        else:
            found[role] = {word.strip() for word in match[2].replace("\n", " ").split(",")}
    return found


def who_may(may, roles):
    """The users of the demo who may take a route."""
    if may in ("anybody", "signed-in", "fresh"):
        return list(USERS)
    return [user for user, role in USERS.items() if may in roles[role]]


def field_names():
    """Every name that a form of ours or the code knows."""
    names = set()
    for path in (spine.ROOT / "templates/web").glob("*.html"):
        names |= set(re.findall(r'<(?:input|select|textarea|button)[^>]*\sname="(\w+)"', path.read_text()))
    for path in (spine.ROOT / "src/web").glob("*.c"):
        names |= set(re.findall(r'\b(?:page|api)_\w+\(\w+, "([a-z_]+)"', path.read_text()))
    return sorted(names - {"csrf"})


def filled(path, values):
    """The path with its holes filled, one value after the other, encoded."""
    pieces = path.split("{}")
    out = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        out += urllib.parse.quote(values[number % len(values)], safe="") + piece
    return out


def fits(pattern, path):
    return re.fullmatch(re.escape(pattern).replace(r"\{\}", "[^/]+"), path) is not None


POLICY = re.compile(r"^(sandbox; )?default-src 'none'")


def is_open(policy, kind):
    """Styles may stand within what only a frame shows: an email, shut in; a letter, by the browser's reader."""
    framed = policy.startswith("sandbox;") if kind.startswith("text/html") else kind == "application/pdf"
    rest = policy.replace("style-src 'unsafe-inline'", "") if framed else policy
    return not POLICY.match(policy) or "unsafe" in rest or "frame-ancestors" not in policy or \
        "unsafe" in policy and "script-src" in policy


def unsafe(reply, secret=None):
    """What no reply may be, whatever was asked; an empty list is good."""
    found = []
    if reply.status >= 500:
        found.append(f"status {reply.status}: {text_of(reply)[:200]}")
    for name, value in reply.headers:
        if name.lower() == "x-evil" or "x-evil:" in value.lower() and name.lower() != "location":
            found.append(f"a header that was typed: {name}: {value}")
        if name.lower() == "set-cookie" and not ("HttpOnly" in value and "SameSite=" in value):
            found.append(f"a cookie for everybody: {value}")
    for needed in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control",
                   "X-Request-Id"):
        if reply.header(needed) is None:
            found.append(f"no {needed}")
    policy = reply.header("Content-Security-Policy") or ""
    if is_open(policy, reply.header("Content-Type") or ""):
        found.append(f"an open policy: {policy}")
    place = reply.header("Location")
    if place is not None and (not place.startswith("/") or place[1:2] in ("/", "\\") or
                              re.search(r"[^!-~]", place)):
        found.append(f"it leads elsewhere: {place}")
    if re.search(rb"root:[^:]*:0:0:", reply.body):
        found.append("a file of the system")
    if re.search(rb"SQL logic error|no such column|syntax error at|sqlite3?_|PG::|unrecognized token", reply.body):
        found.append(f"words of the database: {text_of(reply)[:300]}")
    kind = reply.header("Content-Type") or ""
    if kind.startswith("text/html"):
        found += marked_wrong(reply.body.decode("utf-8", "replace"), secret)
    return found


def marked_wrong(page, secret=None):
    """What was typed between two marks stands there as text, as it was typed."""
    found = []
    for typed in re.findall(f"{BEGIN}((?:(?!{BEGIN}).)*?){END}", page, re.S):
        if re.search(r"[<>]", typed):
            found.append(f"typed text became markup: {typed[:120]}")
        plain = html.unescape(typed)
        if "{{" in plain and plain not in TEMPLATES:
            found.append(f"typed text was filled in: {plain[:120]}")
        if "{{" not in plain and secret and secret in plain:
            found.append("the secret of the session was filled in")
    return found


TEMPLATES = ("{{csrf}}", "{{{csrf}}}", "{{> head}}", "{{#me}}{{email}}{{/me}}", "{{=<% %>=}}<%csrf%>", "{{")


def text_of(reply):
    bare = re.sub(rb"<(script|style|svg)\b.*?</\1>", b" ", reply.body, flags=re.S)
    bare = re.sub(rb"<[^>]*>", b" ", bare).decode("utf-8", "replace")
    return re.sub(r"\s+", " ", html.unescape(bare)).strip()


class Reply(http_raw.Reply):
    pass


class Walker:
    """One person, on one connection that stays open."""

    def __init__(self, server, user=None, results=None):
        self.server, self.user, self.results = server, user, results
        self.connection, self.cookie, self.token = None, None, None
        if user:
            self.sign_in()

    def sign_in(self):
        self.cookie = http_raw.sign_in(self.server, self.user)
        page = self.ask("GET", "/me/security", look=False)
        self.token = re.search(rb'name="csrf" value="([0-9a-f]{64})"', page.body)[1].decode()

    def ask(self, method, path, body=None, headers=None, look=True, cookie=True):
        sent = dict(headers or {})
        if self.cookie and cookie:
            sent["Cookie"] = self.cookie
        for again in (True, False):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
            try:
                self.connection.request(method, path, body, sent)
                reply = self.connection.getresponse()
                break
            except (ConnectionError, http.client.HTTPException, BrokenPipeError):
                self.connection.close()
                self.connection = None
                if not again:
                    raise
        reply = Reply(reply.status, reply.getheaders(), reply.read())
        if look and self.results is not None:
            self.results.none(unsafe(reply, self.token), f"{self.user or 'nobody'}: {method} {path[:150]} "
                              f"{(body or b'')[:150]!r}: the reply is a safe one")
        return reply

    def post(self, path, pairs=(), token=True, headers=None, look=True):
        pairs = list(pairs)
        if token:
            pairs.append(("csrf", self.token))
        body = urllib.parse.urlencode(pairs).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded",
                                             "Sec-Fetch-Site": "same-origin"} | (headers or {}), look)

    def parts(self, path, pairs, files, headers=None, look=True):
        pieces = []
        for name, value in [*pairs, ("csrf", self.token)]:
            pieces.append(f'--Bq\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, file, content in files:
            file = file.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
            pieces.append(f'--Bq\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'.encode()
                          + content + b"\r\n")
        return self.ask("POST", path, b"".join(pieces) + b"--Bq--\r\n",
                        {"Content-Type": "multipart/form-data; boundary=Bq", "Sec-Fetch-Site": "same-origin"} |
                        (headers or {}), look)


def crawl(walker, start=("/",), most=250, each=3):
    """Reads pages and follows their links, a few for each route; {path: reply}."""
    table = [route["path"] for route in routes() if route["method"] == "GET"]
    queue, pages, seen = list(start), {}, {}
    while queue and len(pages) < most:
        path = queue.pop(0)
        bare = path.split("?")[0].split("#")[0]
        pattern = next((p for p in table if fits(p, bare)), bare)
        key = (pattern, "?" in path)
        if path in pages or seen.get(key, 0) >= each:
            continue
        seen[key] = seen.get(key, 0) + 1
        reply = pages[path] = walker.ask("GET", path)
        if reply.status == 303:
            queue.append(reply.header("Location"))
        for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)', reply.body.decode("utf-8", "replace")):
            link = html.unescape(link)
            if not link.startswith("/static/") and link not in pages:
                queue.append(link)
    return pages


# ---- that all this bites ----

def bites():
    """What of the planted faults is not seen."""
    good = [("Content-Type", "text/html; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"), ("X-Request-Id", "1"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")]
    body = f"<p>{BEGIN}{{{{csrf}}}}{END} {BEGIN}a&lt;b{END}</p>".encode()
    missed = [] if unsafe(Reply(200, good, body)) == [] else ["what is good is refused"]
    planted = {
        "a status of 500": Reply(500, good, body),
        "an injected header": Reply(200, good + [("X-Evil", "1")], body),
        "a header inside a header": Reply(200, good + [("X-A", "1 X-Evil: 1")], body),
        "a cookie for scripts": Reply(200, good + [("Set-Cookie", "a=b; SameSite=Lax")], body),
        "a missing header": Reply(200, good[:-2] + good[-1:], body),
        "an open policy": Reply(200, good[:-1] + [("Content-Security-Policy", "default-src 'none'; "
                                                   "script-src 'unsafe-inline'; frame-ancestors 'none'")], body),
        "another host": Reply(303, good + [("Location", "//evil.example/")], b""),
        "another host, by a backslash": Reply(303, good + [("Location", "/\\evil.example/")], b""),
        "another address": Reply(303, good + [("Location", "https://evil.example/")], b""),
        "a file": Reply(200, good, b"root:x:0:0:root"),
        "words of the database": Reply(200, good, b'near "x": SQL logic error'),
        "markup": Reply(200, good, f"<p>{BEGIN}<b>{END}</p>".encode()),
        "a template": Reply(200, good, f"<p>{BEGIN}{{{{other}}}}{END}</p>".encode()),
    }
    missed += [name for name, reply in planted.items() if not unsafe(reply)]
    if not unsafe(Reply(200, good, f"<p>{BEGIN}0123abcd{END}</p>".encode()), "0123abcd"):
        missed.append("the secret where it was asked for")
    return missed
