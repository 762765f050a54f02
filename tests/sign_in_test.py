#!/usr/bin/env python3
"""Signing in, over real HTTP: links, passwords, codes, recovery codes, sessions; what guessing comes
to, what it shows, and whom it cannot keep out.
"""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import stat
import statistics
import struct
import subprocess
import sys
import time

import console
import spine

NOW = "2026-11-20T16:10:00Z"
MOMENT = 1795191000  # the same, in seconds
PROXY = ("--trusted-proxy", "127.0.0.1")


def code_at(secret, moment):
    """RFC 6238, written once more, so that the program is not its own witness."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", moment // 30),
                      hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff) % 1000000)


def password_try(someone, email, password, headers=None, follow=False):
    return someone.post("/sign-in", {"email": email, "password": password}, token=False,
                        follow=follow, headers=headers)


def is_in(someone):
    return someone.ask("GET", "/me/security").status == 200


# ---- The first administrator --------------------------------------------------------------------

def the_first_comes_in_by_a_link(r, folder):
    recoup = spine.Recoup(folder / "new.db")
    made = recoup.call("init", "--name", "acme", "--admin", "ann@acme.example", "-o",
                       folder / "first.txt")
    link = (folder / "first.txt").read_text().strip()
    r.check(made.returncode == 0 and re.fullmatch(
        r"http://127\.0\.0\.1:8080/sign-in/link/[0-9a-f]{64}", link), f"the link alone: {link}")
    r.check(stat.S_IMODE(os.stat(folder / "first.txt").st_mode) == 0o600, "0600")
    r.check(link not in made.stdout + made.stderr, "it stands in the file alone")
    r.check(recoup.call("init", "--name", "x", "--admin", "no address").returncode == 2 and
            not spine.Recoup(folder / "none.db").call("init", "--name", "x", "--admin", "no address")
            .stdout and not (folder / "none.db").exists(), "a bad address leaves no book behind")
    path = link[link.index("/sign-in"):]
    with console.serving(recoup.db, None) as address:
        ann, thief = console.Console(address), console.Console(address)
        r.check(ann.get(path).says("Welcome, ann") and ann.get(path).says("Welcome, ann"),
                "looking uses nothing up")
        r.check(ann.get("/sign-in/password").path.startswith("/sign-in?"), "nothing before the link")
        page = ann.get(path).form("/sign-in/link").submit()
        r.check(page.says("Choose a password", "ann@acme.example"), "it leads to a password")
        r.check(thief.get(path).status == 404 and thief.post(path, token=False).status == 404,
                "a link works once")
        r.check(ann.ask("GET", "/admin/users").status == 303, "not signed in before that")
        again = page.form("/sign-in/password").submit(new_password="short")
        r.check(again.status == 422 and again.says("at least 10 characters"), "too short")
        page = again.form("/sign-in/password").submit(new_password="anns own password")
        r.check(page.status == 200 and is_in(ann), "and then she is in")
        r.check(ann.get("/sign-in/password").path == "/accounts" or
                not ann.get("/sign-in/password").path.startswith("/sign-in/"),
                "whoever has a password chooses no other that way")
        a_new_house_says_what_comes_first(r, ann)
    r.check("Nobody" not in recoup.must("user", "list"), "there is somebody")


def a_new_house_says_what_comes_first(r, ann):
    """Where nothing is yet, a page says why, what would fill it, and where to go."""
    for path, words, way in (
            ("/accounts", "No account is here yet. They come with files", "/admin/imports"),
            ("/promises", "No promises due this week. They are put down", "/accounts"),
            ("/disputes", "No open disputes. They are taken down", "/accounts"),
            ("/hardship", "Nobody waits for a decision. Hardship is taken down", "/accounts"),
            ("/approvals", "Nothing waits for you", None),
            ("/admin/integrations", "None yet.", None),
            ("/admin/tokens", "None yet.", None),
            ("/admin/imports", "No file was loaded here yet", None),
            ("/complaints", "None is open", None)):
        page = ann.get(path)
        r.check(page.status == 200 and page.says(words), f"{path}, empty, says so", page.words()[-500:])
        main = page.text[page.text.index("<main"):]
        r.check(way is None or f'href="{way}">L' in main, f"{path} leads on to {way}")
    r.check(not ann.get("/accounts?q=nobody").says("Load the first file"),
            "what was asked for and is not there is another matter")


def nobody_yet_is_told(r, folder):
    recoup = spine.Recoup(folder / "empty.db")
    recoup.must("init", "--name", "empty")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RECOUP_")}
    server = subprocess.Popen([os.path.abspath(spine.program()), "serve", "--db", recoup.db,
                               "--listen", "127.0.0.1:0", "--log", "off"], env=kept,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+:\d+", server.stdout.readline()).group(0)
    page = console.Console(address).get("/sign-in")
    server.terminate()
    said = server.communicate(timeout=20)[1]
    r.check("recoup user add EMAIL --role administrator" in said, f"serve says what to type: {said}")
    r.check(page.says("Nobody can sign in yet", "recoup user add EMAIL --role administrator"),
            "and so does the page")


# ---- Sessions -----------------------------------------------------------------------------------

def planted_tokens_are_worth_nothing(r, address):
    """Fixation: whoever gave somebody a cookie before they signed in gets nothing by it."""
    planted = "a" * 64
    victim, attacker = console.Console(address), console.Console(address)
    victim.jar = {"recoup": planted}
    password_try(victim, "priya@fairhaven.example", console.PASSWORD)
    r.check(victim.jar["recoup"] != planted and is_in(victim), "a new token at sign-in")
    attacker.jar = {"recoup": planted}
    r.check(not is_in(attacker), "the planted one lets nobody in")
    before = dict(victim.jar)
    password_try(victim, "priya@fairhaven.example", console.PASSWORD)
    attacker.jar = before
    r.check(victim.jar["recoup"] != before["recoup"] and not is_in(attacker),
            "signing in again ends the session before")


def a_new_password_ends_the_rest(r, address):
    here, there = console.Console(address, "lena"), console.Console(address, "lena")
    old = dict(here.jar)
    page = here.get("/me/security").form("/me/security/password").submit(
        password="wrong", new_password="lenas new password")
    r.check(page.status == 422 and page.says("That is not your password"), "asks for the old one")
    here.get("/me/security").form("/me/security/password").submit(
        password=console.PASSWORD, new_password="lenas new password")
    r.check(is_in(here) and not is_in(there), "the others end")
    stale = console.Console(address)
    stale.jar = old
    r.check(not is_in(stale) and here.jar["recoup"] != old["recoup"], "this one has a new token")
    r.check(password_try(stale, "lena@fairhaven.example", console.PASSWORD).status == 422, "old")
    here.get("/me/security").form("/me/security/password").submit(
        password="lenas new password", new_password=console.PASSWORD)


def sessions_are_ones_own(r, address):
    here, there, rosa = (console.Console(address, name) for name in ("omar", "omar", "rosa"))
    page = here.get("/me/security")
    digests = re.findall(r'name="digest" value="([0-9a-f]{64})"', page.text)
    r.check(page.says("Where you are signed in", "This one") and len(digests) >= 1, "they are listed")
    foreign = re.findall(r'name="digest" value="([0-9a-f]{64})"', console.Console(
        address, "rosa").get("/me/security").text)
    r.check(here.post("/me/security/end", {"digest": foreign[0]}).status == 404 and is_in(rosa),
            "nobody ends somebody else's")
    here.post("/me/security/end-others")
    r.check(is_in(here) and not is_in(there) and is_in(rosa), "all others of one's own")


def whoever_is_shut_out_is_out(r, address, recoup):
    """At once: the next thing that their browser asks for is refused."""
    vic = console.Console(address, "vic")
    token = vic.get("/me/security").form("/sign-out").fields[0][1]
    recoup.must("user", "disable", "vic@fairhaven.example")
    r.check(vic.ask("GET", "/accounts").status == 303, "disabled: out")
    r.check(vic.post("/me/security/end-others", {"csrf": token}, token=False).status == 401,
            "and does nothing any more")
    r.check(password_try(vic, "vic@fairhaven.example", console.PASSWORD).status == 422, "nor in")
    omar = console.Console(address, "omar")
    recoup.must("user", "role", "omar@fairhaven.example", "read_only")
    r.check(omar.ask("GET", "/accounts").status == 303, "another role: sign in again")
    recoup.must("user", "role", "omar@fairhaven.example", "collector")
    priya = console.Console(address, "priya")
    recoup.must("user", "sessions", "priya@fairhaven.example", "--end")
    r.check(priya.ask("GET", "/queue").status == 303, "ended by somebody else")


def cookies_say_where_they_belong(r, book):
    with console.serving(book, NOW, flags=PROXY) as address:
        far = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
        someone = console.Console(address)
        page = password_try(someone, "rosa@fairhaven.example", console.PASSWORD, far)
        cookies = [v for k, v in page.headers if k.lower() == "set-cookie"]
        held = [c for c in cookies if c.startswith("__Host-recoup=")]
        r.check(len(held) == 1 and all(part in held[0] for part in
                                       ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")) and
                "Domain" not in held[0], f"over TLS: {cookies}")
        r.check(any(c.startswith("__Host-recoup-known=") for c in cookies), "both of them")
        secret = someone.jar["__Host-recoup"]
        someone.jar = {"recoup": secret}
        r.check(someone.ask("GET", "/accounts", headers=far).status == 303,
                "over TLS the plain name is not taken")
        someone.jar = {"__Host-recoup": secret}
        r.check(someone.ask("GET", "/accounts", headers=far).status == 200, "the other is")
        plain = console.Console(address, "rosa")
        r.check(set(plain.jar) == {"recoup", "recoup-known"}, f"plain HTTP: {sorted(plain.jar)}")
        r.check(plain.ask("GET", "/me/security").text.count(plain.jar["recoup"]) == 0,
                "no page shows the token")


# ---- Codes --------------------------------------------------------------------------------------

def set_up(rosa):
    page = rosa.get("/me/security/authenticator")
    secret = re.search(r'class="mono secret">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", "")
    picture = rosa.get("/sign-in/authenticator.svg")
    return page, secret, picture


def codes_after_the_password(r, address):
    rosa = console.Console(address, "rosa")
    page, secret, picture = set_up(rosa)
    r.check(len(secret) == 32 and page.says("Set up an authenticator"), "the secret as text")
    r.check(picture.header("Content-Type") == "image/svg+xml" and "<path" in picture.text and
            secret not in picture.text, "and as a picture")
    wrong = page.form("/me/security/authenticator").submit(code="000000", password=console.PASSWORD)
    r.check(wrong.status == 422 and set_up(rosa)[1] == secret, "a wrong code: the same secret again")
    wrong = page.form("/me/security/authenticator").submit(code=code_at(secret, MOMENT),
                                                           password="wrong")
    r.check(wrong.status == 422, "without the password nothing is set up")
    before = dict(rosa.jar)
    done = page.form("/me/security/authenticator").submit(code=code_at(secret, MOMENT),
                                                          password=console.PASSWORD)
    codes = re.findall(r"<li>([0-9a-z-]{19})</li>", done.text)
    r.check(len(codes) == 10 and len(set(codes)) == 10, f"ten recovery codes: {codes}")
    r.check(rosa.jar["recoup"] != before["recoup"], "a new token with it")
    r.check(rosa.get("/sign-in/authenticator.svg").status == 404, "its picture is not shown again")

    half = console.Console(address)
    page = password_try(half, "rosa@fairhaven.example", console.PASSWORD)
    r.check(page.header("Location") == "/sign-in/code" and not is_in(half), "the code is owed")
    half.post("/sign-in", {"email": "rosa@fairhaven.example", "password": console.PASSWORD,
                           "next": "/accounts?q=a"}, token=False, follow=False)
    fresh = dict(half.jar)
    page = half.get("/sign-in/code?next=%2Faccounts")
    used = page.form("/sign-in/code").submit(code=code_at(secret, MOMENT))
    r.check(used.status == 422 and not is_in(half), "the code of the set-up is used up")
    page = half.get("/sign-in/code?next=%2Faccounts").form("/sign-in/code").submit(
        code=code_at(secret, MOMENT + 30), follow=False)
    r.check(page.header("Location") == "/accounts" and is_in(half), "the next one lets in")
    old = console.Console(address)
    old.jar = fresh
    r.check(not is_in(old) and half.jar["recoup"] != fresh["recoup"], "the half session has ended")
    again = console.Console(address)
    password_try(again, "rosa@fairhaven.example", console.PASSWORD)
    page = again.get("/sign-in/code").form("/sign-in/code").submit(code=code_at(secret, MOMENT + 30))
    r.check(page.status == 422 and not is_in(again), "no code is good twice")
    page = again.get("/sign-in/code").form("/sign-in/code").submit(code=codes[3].upper())
    r.check(is_in(again), "a recovery code stands in")
    last = console.Console(address)
    password_try(last, "rosa@fairhaven.example", console.PASSWORD)
    page = last.get("/sign-in/code").form("/sign-in/code").submit(code=codes[3])
    r.check(page.status == 422 and not is_in(last), "once")
    r.check(again.get("/me/security").says("Recovery codes left: 9 of 10"), "nine are left")
    return secret, codes


def codes_are_not_guessed(r, address, recoup):
    """Each from another address: who has the password is one guesser all the same."""
    recoup.must("user", "role", "lena@fairhaven.example", "team_lead")
    lena = console.Console(address, "lena")
    page, secret, _picture = set_up(lena)
    page.form("/me/security/authenticator").submit(code=code_at(secret, MOMENT),
                                                   password=console.PASSWORD)
    statuses = []
    for n in range(8):
        far, thief = {"X-Forwarded-For": f"203.0.113.{n + 1}"}, console.Console(address)
        password_try(thief, "lena@fairhaven.example", console.PASSWORD, far)
        token = thief.ask("GET", "/sign-in/code", headers=far).form("/sign-in/code").fields[0][1]
        page = thief.post("/sign-in/code", {"code": "%06d" % n, "csrf": token}, token=False,
                          headers=far, follow=False)
        statuses.append(page.status)
    r.check(statuses == [422] * 6 + [429] * 2, f"six guesses, then waiting: {statuses}")
    r.check(int(page.header("Retry-After") or 0) == 30, f"for {page.header('Retry-After')} s")


# ---- Guessing -----------------------------------------------------------------------------------

def guessing_waits_and_keeps_nobody_out(r, address):
    owner, email = console.Console(address, "helen"), "helen@fairhaven.example"
    for n in range(4):
        far, guesser = {"X-Forwarded-For": f"192.0.2.{n + 1}"}, console.Console(address)
        statuses = [password_try(guesser, email, f"guess-{i}", far).status for i in range(8)]
        r.check(statuses == [422] * 6 + [429] * 2, f"from one address: {statuses}")
    page = password_try(guesser, email, console.PASSWORD, far)
    r.check(page.status == 429 and 0 < int(page.header("Retry-After")) <= 15 and
            page.says("Too many tries") and email in page.text, "not even the right one is judged")
    known = {"recoup-known": owner.jar["recoup-known"]}
    home = console.Console(address)
    r.check(password_try(home, email, console.PASSWORD, {"X-Forwarded-For": "192.0.2.99"}).status == 303,
            "the owner at another address gets in")
    home = console.Console(address)
    home.jar = dict(known)
    r.check(password_try(home, email, console.PASSWORD, far).status == 303,
            "and at the address of the guesser, in a browser that was here before")
    stranger = console.Console(address)
    statuses = [password_try(stranger, f"x{n}@fairhaven.example", "x",
                             {"X-Forwarded-For": "192.0.2.200"}).status for n in range(33)]
    r.check(statuses[:31] == [422] * 31 and statuses[31:] == [429] * 2,
            f"many accounts from one address: {statuses.count(422)} tries")
    home.jar = dict(known)
    r.check(password_try(home, email, console.PASSWORD, {"X-Forwarded-For": "192.0.2.200"}).status == 303,
            "nor does that keep the owner out")


def many_at_once_are_no_more(r, address):
    """Tries are counted before they are judged: side by side they are as many as in a row."""
    import concurrent.futures
    far = {"X-Forwarded-For": "192.0.2.77"}

    def once(n):
        return password_try(console.Console(address), "ada@fairhaven.example", f"x{n}", far).status

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(once, range(24)))
    r.check(statuses.count(422) == 6 and statuses.count(429) == 18,
            f"24 at once: {statuses.count(422)} judged, {statuses.count(429)} not")


def nothing_shows_who_is_here(r, address, recoup):
    """Names that somebody has, that nobody has, of who is disabled or only invited: the same words
    after the same time."""
    recoup.must("user", "add", "new@fairhaven.example", "--role", "collector", "--name", "New")
    kinds = {"known": "priya@fairhaven.example", "unknown": "nobody@fairhaven.example",
             "disabled": "vic@fairhaven.example", "invited": "new@fairhaven.example"}
    took, said = {kind: [] for kind in kinds}, {kind: set() for kind in kinds}
    someone = console.Console(address)
    for n in range(25):
        for kind, email in kinds.items():
            begun = time.perf_counter()
            page = password_try(someone, email, "wrong-password-here",
                                {"X-Forwarded-For": f"10.{n}.{len(kind)}.1"})
            took[kind].append(time.perf_counter() - begun)
            said[kind].add((page.status, page.words().replace(email, "")))
    rounds = [statistics.mean(row) for row in zip(*took.values())]  # a slow moment is slow for all four
    shares = {kind: statistics.median(t / mean for t, mean in zip(times, rounds)) for kind, times in took.items()}
    print("sign-in that fails, share of its round, median of 25: " +
          ", ".join(f"{kind} {share:.2f}" for kind, share in shares.items()))
    r.check(len(set.union(*said.values())) == 1, "the same words", *map(str, said.values()))
    r.check(max(shares.values()) < 1.5 * min(shares.values()),  # without a password's digest: 50 times
            f"the same time: {shares}")


# ---- What somebody may see ----------------------------------------------------------------------

def account_routes():
    """Every address about one account, as the server has them."""
    for folder in ("build/check", "build"):
        program = spine.ROOT / folder / "tests" / "routes"
        if os.access(program, os.X_OK):
            table = json.loads(subprocess.run([program], capture_output=True, check=True).stdout)
            return [row for row in table if "/accounts/{}" in row["path"]]
    return []


def unseen_is_as_if_it_were_not(r, someone, reference, token, role):
    """What an address says of an account that is not theirs is what it says of none at all."""
    for row in account_routes():
        if row["may"] not in role:
            continue
        said = []
        for name in (reference, "NO-SUCH-1"):
            path = row["path"].replace("{}", name, 1).replace("{}", "1")
            if row["api"]:
                page = someone.ask(row["method"], path, None if row["method"] == "GET" else "{}", {
                    "Authorization": f"Bearer {token}", "Content-Type": "application/json",
                    "Idempotency-Key": path})
            elif row["method"] == "GET":
                page = someone.ask("GET", path)
            else:
                page = someone.post(path, {}, follow=False)
            said.append((page.status, page.words().replace(name, "…"),
                         (page.header("Location") or "").replace(name, "…")))
        r.check(said[0] == said[1], f"{row['method']} {row['path']}: {said[0][0]} and {said[1][0]}",
                said[0][1][60:400], said[1][1][60:400])


def limits_hold_on_every_page(r, address, recoup, book):
    """An account of another client is as if it were not there, wherever it would show."""
    rows = spine.rows(book, "SELECT c.reference, p.name, c.creditor, o.bucket, o.decision_seq "
                            "FROM casefile c JOIN party p ON p.bucket = c.bucket AND "
                            "p.casefile_id = c.casefile_id AND p.party_no = 1 JOIN outbox o ON "
                            "o.bucket = c.bucket AND o.casefile_id = c.casefile_id "
                            "ORDER BY o.state_at DESC LIMIT 1")
    reference, name, creditor, bucket, decision = rows[0]
    other = spine.rows(book, "SELECT creditor FROM casefile WHERE creditor <> ? LIMIT 1", creditor)
    pages = [f"/accounts/{reference}", f"/accounts/{reference}/statement",
             f"/accounts?q={reference}", "/accounts", "/outbox", f"/outbox/{bucket}.{decision}",
             f"/outbox/{bucket}.{decision}/body", f"/d/{bucket}.{decision}", "/approvals"]
    rosa = console.Console(address, "ada")
    shown = [page for page in pages if name in rosa.get(page).text or reference in rosa.get(page).text]
    r.check(len(shown) >= 6, f"without limits they show it: {shown}")
    for words, value in (("--client", other[0][0] if other else "Somebody else"),
                         ("--desk", "no such desk")):
        recoup.must("user", "change", "ada@fairhaven.example", words, value)
        for path in pages:
            page = rosa.get(path)
            r.check(name not in page.text, f"{path} with {words} {value} shows the name")
            r.check(reference not in page.text or reference in path, f"{path} shows the reference")
        page = rosa.get(f"/accounts/{reference}")
        never = rosa.get("/accounts/NO-SUCH-1")
        r.check(page.status == never.status == 404 and
                page.words().replace(reference, "") == never.words().replace("NO-SUCH-1", ""),
                "said as of an account that never was", page.words()[60:], never.words()[60:])
        recoup.must("user", "change", "ada@fairhaven.example", words, "")
        recoup.must("user", "change", "lena@fairhaven.example", words, value)
        role = [one for one in recoup.json("role", "show", "team_lead")["can"].split(", ")
                if one != "approve"]
        token = recoup.json("token", "create", "--name", "t", "--user", "lena@fairhaven.example",
                            "--can", ",".join(role), "--now", NOW)["token"]
        unseen_is_as_if_it_were_not(r, console.Console(address, "lena"), reference, token, role)
        recoup.must("user", "change", "lena@fairhaven.example", words, "")
    r.check(name in rosa.get(f"/accounts/{reference}").text, "and then they are there again")


# ---- People -------------------------------------------------------------------------------------

def people_on_pages(r, address):
    ada = console.Console(address, "ada")
    page = ada.get("/admin/users/new").form("/admin/users").submit(
        name="Nia Adeyemi", email="nia@fairhaven.example", role="collector", clients="Acme, Inc.")
    link = re.search(r"/sign-in/link/[0-9a-f]{64}", page.text)
    r.check(page.says("Shown only now") and link, "a new person gets a link")
    nia = console.Console(address)
    page = nia.get(link.group(0)).form("/sign-in/link").submit()
    page.form("/sign-in/password").submit(new_password="nias own password")
    r.check(is_in(nia), "who comes in by it")
    page = ada.get("/admin/users/new").form("/admin/users").submit(
        name="Nia", email="NIA@fairhaven.example", role="collector")
    r.check(page.status == 409 and 'value="NIA@fairhaven.example"' in page.text, "once")
    number = re.search(r'href="(/admin/users/\d+)" dir="auto">Nia', ada.get("/admin/users").text).group(1)
    stale = ada.get(number)
    ada.get(number).form("/details").submit(name="Nia A.")
    page = stale.form("/role").submit(role="team_lead")
    r.check(page.status == 409 and page.says("was changed by somebody else"), "who was second is told")
    ada.get(number).form("/role").submit(role="team_lead")
    r.check(nia.ask("GET", "/queue").status == 303, "a new role: sign in again")
    nia.sign_in("nia@fairhaven.example", "nias own password")
    page = ada.get(number).form("/disable").submit()
    r.check(page.says("cannot sign in any more") and not is_in(nia), "disabled on a page")
    me = re.search(r'href="(/admin/users/\d+)" dir="auto">Ada', ada.get("/admin/users").text).group(1)
    for action in ("disable", "role"):
        page = ada.post(f"{me}/{action}", {"version": "1", "role": "collector"})
        r.check(page.status == 422 and is_in(ada), f"nobody does that to themselves: {action}")
    page = ada.get("/admin/users/new").form("/admin/users").submit(
        name="Olu", email="olu@fairhaven.example", role="administrator")
    r.check(page.says("Shown only now"), "alone, she takes in a second administrator")
    olu = console.Console(address)
    link = re.search(r"/sign-in/link/[0-9a-f]{64}", page.text).group(0)
    olu.get(link).form("/sign-in/link").submit().form("/sign-in/password").submit(
        new_password="olus own password")
    page = ada.get("/admin/users/new").form("/admin/users").submit(
        name="Puppet", email="puppet@fairhaven.example", role="administrator")
    r.check(page.status == 422 and page.says("Somebody else must agree"), "but no third by herself")
    his = re.search(r'href="(/admin/users/\d+)" dir="auto">Olu', ada.get("/admin/users").text).group(1)
    page = ada.get(his).form("/disable").submit()
    r.check(page.says("cannot sign in any more"), "she may shut him out")
    page = ada.post(f"{me}/reset", {"version": "1"})
    r.check(page.status == 422 and page.says("at the command line"), "nor on a page to who administers")
    return number


def two_people_decide(r, address, recoup):
    recoup.must("user", "add", "zoe@fairhaven.example", "--role", "administrator", "--name",
                "Zoe Marsh", "--override-reason", "a second one", "--password-file",
                os.path.join(os.path.dirname(recoup.db), "zoe.txt"))
    ada, zoe = console.Console(address, "ada"), console.Console(address, "zoe", "zoes own password")
    number = re.search(r'href="(/admin/users/\d+)" dir="auto">Helen', ada.get("/admin/users").text).group(1)
    page = ada.get(number).form("/role").submit(role="administrator", reason="covers for me")
    r.check(page.says("Asked."), "asked, not done")
    page = ada.get("/approvals")
    r.check(page.says("You asked") and not any("approve" in f.action for f in page.forms()),
            "who asked cannot agree")
    item = re.search(r'id="ask-(\d+)"', page.text).group(1)
    r.check(ada.post(f"/approvals/{item}/approve").status == 422, "not by hand, either")
    page = zoe.get("/approvals")
    r.check(page.says("Helen Park, Compliance officer now, becomes Administrator", "covers for me",
                      "1 waits for you"), "the other sees it")
    page = zoe.post(f"/approvals/{item}/decline")
    r.check(page.status == 422 and page.says("Say why not"), "a no needs a sentence")
    zoe.get("/approvals").form("/approve").submit(answer="until May")
    r.check("administrator" in recoup.must("user", "show", "helen@fairhaven.example"), "done")
    r.check(zoe.get("/approvals").says("Decided lately", "until May"), "and kept")


def creating(page):
    return next(form for form in page.forms() if form.action == "/admin/tokens")


def tokens_on_pages(r, address):
    ada = console.Console(address, "ada")
    page = ada.get("/admin/tokens")
    owner = re.search(r'<option value="(\d+)">Rosa Okoye', page.text).group(1)
    page = creating(page).submit(name="figures", user=owner, days="30",
                                             scope_insights="1", scope_settings="1")
    r.check(page.status == 422 and page.says("may do no more than its user"), "not more than she may")
    page = creating(page).submit(scope_settings=None, scope_accounts="1", scope_approve="1")
    r.check(page.status == 422 and page.says("No program agrees"), "nor what takes a person")
    page = creating(page).submit(scope_settings=None, scope_accounts="1")
    token = re.search(r"recoup_[0-9a-f]{64}", page.text)
    r.check(page.says("Shown only now") and token, "shown once")
    r.check(token.group(0) not in ada.get("/admin/tokens").text, "and never again")
    program = console.Console(address)
    who = {"Authorization": f"Bearer {token.group(0)}"}
    r.check(program.ask("GET", "/api/v1/me", headers=who).status == 200, "it opens the API")
    r.check(program.ask("GET", "/accounts", headers=who).status == 303, "and no page")
    ada.get("/admin/tokens").form("/revoke").submit()
    r.check(program.ask("GET", "/api/v1/me", headers=who).status == 401, "until it is revoked")


def main():
    r = spine.Results("sign-in")
    with spine.scratch("sign-in") as folder, contextlib.ExitStack() as stack:
        the_first_comes_in_by_a_link(r, folder)
        nobody_yet_is_told(r, folder)
        book = console.demo(str(folder), 120)
        (folder / "demo-data" / "zoe.txt").write_text("zoes own password\n")
        recoup = spine.Recoup(book)
        address = stack.enter_context(console.serving(book, NOW, flags=PROXY))
        planted_tokens_are_worth_nothing(r, address)
        a_new_password_ends_the_rest(r, address)
        sessions_are_ones_own(r, address)
        limits_hold_on_every_page(r, address, recoup, book)
        people_on_pages(r, address)
        tokens_on_pages(r, address)
        two_people_decide(r, address, recoup)
        whoever_is_shut_out_is_out(r, address, recoup)
        cookies_say_where_they_belong(r, book)
        guessing_waits_and_keeps_nobody_out(r, address)
        many_at_once_are_no_more(r, address)
        codes_after_the_password(r, address)
        codes_are_not_guessed(r, address, recoup)
        nothing_shows_who_is_here(r, address, recoup)
        findings = recoup.findings()
        r.check(not findings, "the book is sound afterwards", *findings)
    return r.end()


if __name__ == "__main__":
    sys.exit(main())
