#!/usr/bin/env python3
"""Who may what, over real HTTP: every address of the table of routes, asked by every role, by a
stranger, by somebody who still owes their second proof, and by programs with tokens. What each
gets is what roles/house.yaml says, no more and no less.
"""
import json
import os
import subprocess
import sys
import time

import console
import spine

# Addresses that ask for no permission. Who adds one says here why.
ANYBODY = {
    "/sign-in": "the door",
    "/sign-in/link/{}": "its token is the key",
    "/u/{}": "opting out of emails, by the link of an email",
    "/healthz": "says ok, and nothing else",
    "/metrics": "asks for a token of its own, or for this machine",
    "/api/v1/openapi.json": "the description of the API",
}
FRESH = ("/sign-in/code", "/sign-in/password", "/sign-in/authenticator",
         "/sign-in/authenticator.svg")
SIGNED_IN = ("/", "/sign-out", "/keys", "/me", "/me/security", "/me/security/password",
             "/me/security/authenticator", "/me/security/authenticator/remove",
             "/me/security/recovery", "/me/security/end", "/me/security/end-others",
             "/approvals", "/approvals/{}/approve", "/approvals/{}/decline",
             "/approvals/{}/withdraw", "/compliance", "/api/v1/me", "/events",
             "/api/v1/roles", "/api/v1/approvals", "/api/v1/approvals/{}/approve",
             "/api/v1/approvals/{}/decline", "/api/v1/approvals/{}/withdraw",
             "/api/v1/me/sessions", "/api/v1/me/sessions/end", "/api/v1/me/sessions/{}/end")
# What takes a person: no token has it.
NO_PROGRAM = ("approve", "review", "users")
# Answers that never end by themselves are only opened.
STREAMS = ("/events",)

NOW = "2026-11-20T16:10:00Z"
PEOPLE = {"collector": "priya", "team_lead": "lena", "manager": "rosa", "compliance": "helen",
          "administrator": "ada", "read_only": "vic"}


def routes():
    for folder in ("build/check", "build"):
        program = spine.ROOT / folder / "tests" / "routes"
        if os.access(program, os.X_OK):
            done = subprocess.run([program], capture_output=True, text=True, check=True)
            return json.loads(done.stdout)
    spine.skip("there is no build/…/tests/routes; run make tests first")


def filled(path):
    """An address of this kind where nothing is."""
    return path.replace("{}", "none-such")


class Somebody(console.Console):
    """Signs in again when an address they may use signed them out, as leaving does."""

    def __init__(self, address, role, user, password=console.PASSWORD):
        self.role, self.user, self.password = role, user, password
        super().__init__(address, user, password)
        self.remember()

    def remember(self):
        self.get("/me/security")
        self.good = (dict(self.jar), self.token)

    def again(self):
        self.jar, self.token = dict(self.good[0]), self.good[1]
        if self.ask("GET", "/me/security").status != 200:
            self.jar = {}
            self.sign_in(self.user, self.password)
            self.remember()

    def once(self, method, path, token=True):
        self.jar, self.token = dict(self.good[0]), self.good[1]
        if method == "GET":
            return self.ask("GET", path)
        return self.post(path, {}, token=token, follow=False)


def refused(page):
    """Because of the role, and nothing else."""
    return page.status == 403 and " may not " in page.words()


def asks_to_sign_in(page):
    return page.status == 303 and (page.header("Location") or "").startswith("/sign-in")


def no_route_forgot_its_permission(r, table):
    for route in table:
        path, may = route["path"], route["may"]
        known = {"anybody": ANYBODY, "fresh": FRESH, "signed-in": SIGNED_IN}.get(may)
        r.check(known is None or path in known,
                f"{route['method']} {path} may be used by {may}: name it in this test, or give it "
                "a permission")


def strangers_get_nothing(r, address, table):
    for route in table:
        path = filled(route["path"])
        if route["may"] == "anybody":
            continue
        stranger = console.Console(address)
        page = stranger.ask(route["method"], path)
        where = f"{route['method']} {path} by a stranger"
        if route["api"]:
            r.check(page.status == 401, f"{where}: {page.status}")
        elif route["method"] == "GET":
            r.check(asks_to_sign_in(page), f"{where}: {page.status}")
        else:
            r.check(page.status == 401, f"{where}: {page.status}")


def roles_get_what_they_may(r, address, table, roles, people):
    for role, person in people.items():
        somebody = Somebody(address, role, *person)
        for route in table:
            if route["api"] or route["may"] == "anybody" or route["path"] in STREAMS:
                continue
            path = filled(route["path"])
            allowed = route["may"] in ("signed-in", "fresh") or route["may"] in roles[role]
            page = somebody.once(route["method"], path)
            if asks_to_sign_in(page) or page.status == 401:
                somebody.again()
                page = somebody.once(route["method"], path)
            where = f"{route['method']} {path} by {role}: {page.status} {page.words()[80:200]}"
            if allowed:
                r.check(not refused(page) and page.status not in (401, 405) and
                        not (asks_to_sign_in(page) and path != "/sign-out"), where)
            else:
                r.check(refused(page), where)
            if path in ("/sign-out", "/me/security/end-others"):
                somebody.again()


def forms_of_others_do_nothing(r, address, table, roles, people):
    """Without the token of the session, or with that of another: nothing is done."""
    somebody = {role: Somebody(address, role, *person) for role, person in people.items()}
    for route in table:
        if route["method"] != "POST" or route["api"] or route["may"] == "anybody":
            continue
        role = next((role for role in roles if role in somebody and
                     (route["may"] in roles[role] or route["may"] in ("signed-in", "fresh"))), None)
        if role is None:
            continue
        mine, path = somebody[role], filled(route["path"])
        other = next(one for one in somebody.values() if one is not mine)
        for what, fields in (("no token", {}), ("the token of another", {"csrf": other.good[1]}),
                             ("half a token", {"csrf": mine.good[1][:20]}),
                             ("an empty token", {"csrf": ""})):
            mine.jar = dict(mine.good[0])
            page = mine.post(path, fields, token=False, follow=False)
            r.check(page.status == 403 and "did not come from a page" in page.text,
                    f"POST {path} with {what}: {page.status}")
        mine.jar = dict(mine.good[0])
        page = mine.post(path, {"csrf": mine.good[1]}, token=False, follow=False,
                         headers={"Sec-Fetch-Site": "cross-site"})
        r.check(page.status == 403, f"POST {path} from another site: {page.status}")
        r.check(mine.ask("GET", "/me/security").status == 200, f"{path} left the session alone")


def programs_get_what_their_token_may(r, address, table, roles, recoup, people):
    calls = [route for route in table if route["api"]]
    for role, person in people.items():
        email = person[0] if "@" in person[0] else person[0] + "@fairhaven.example"
        given = [one for one in roles[role] if one not in NO_PROGRAM]
        made = recoup.json("token", "create", "--name", "matrix", "--user", email, "--can",
                           ",".join(given))
        narrow = recoup.json("token", "create", "--name", "narrow", "--user", email, "--can",
                             roles[role][0])
        program = console.Console(address)
        for route in calls:
            path = filled(route["path"])
            if route["may"] == "anybody":
                continue
            for token, scopes in ((made["token"], given),
                                  (narrow["token"], [roles[role][0]])):
                page = program.ask(route["method"], path, "{}" if route["method"] == "POST" else None,
                                   {"Authorization": f"Bearer {token}",
                                    "Content-Type": "application/json",
                                    "Idempotency-Key": f"{role}-{path}"})
                allowed = route["may"] == "signed-in" or route["may"] in scopes
                r.check((page.status not in (401, 403)) if allowed else page.status == 403,
                        f"{route['method']} {path} by a token of {role}: {page.status}")
        recoup.must("token", "revoke", made["token_number"])
        page = program.ask("GET", "/api/v1/me",
                           headers={"Authorization": f"Bearer {made['token']}"})
        r.check(page.status == 401, f"a revoked token of {role}: {page.status}")


def half_signed_in_is_not_signed_in(r, address, table, recoup):
    """Somebody gave a password and owes the code: nothing opens but the pages of signing in."""
    recoup.must("user", "add", "half@fairhaven.example", "--role", "administrator", "--name", "Half",
                "--override-reason", "for this test", "--password-file", password_file(recoup))
    recoup.must("setting", "put", "require_totp", "administrator")
    half = console.Console(address)
    page = half.get("/sign-in").form("/sign-in").submit(
        email="half@fairhaven.example", password="half-way-there", follow=False)
    r.check(page.header("Location") == "/sign-in/authenticator", f"owes a code: {page.status}")
    jar, token = dict(half.jar), half.get("/sign-in/authenticator").form("authenticator").fields[0][1]
    for route in table:
        if route["may"] in ("anybody", "fresh"):
            continue
        half.jar, path = dict(jar), filled(route["path"])
        if route["method"] == "GET":
            page = half.ask("GET", path)
        elif route["api"]:
            page = half.ask("POST", path, "{}", {"Content-Type": "application/json",
                                                 "X-CSRF-Token": token})
        else:
            page = half.post(path, {"csrf": token}, token=False, follow=False)
        r.check(asks_to_sign_in(page) or page.status == 401,
                f"{route['method']} {path} half signed in: {page.status}")
    recoup.must("setting", "put", "require_totp", "nobody")


def password_file(recoup):
    path = os.path.join(os.path.dirname(recoup.db), "password.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("half-way-there\n")
    return path


def main():
    r = spine.Results("permissions")
    table = routes()
    r.check(len(table) > 60, f"{len(table)} routes")
    no_route_forgot_its_permission(r, table)
    with spine.scratch("permissions") as folder:
        book = console.demo(str(folder), 40)
        recoup = spine.Recoup(book)
        roles = {role["role"]: role["can"].split(", ")
                 for role in recoup.json("role", "list")["roles"]}
        people = {role: (name, console.PASSWORD) for role, name in PEOPLE.items()}
        recoup.must("user", "add", "program@fairhaven.example", "--role", "integrator", "--name",
                    "Program", "--password-file", password_file(recoup))
        people["integrator"] = ("program@fairhaven.example", "half-way-there")
        r.check(set(people) == set(roles), f"every role is tried: {sorted(roles)}")
        # The clock of the server runs, since tokens are made by it
        with console.serving(book, now=None) as address:
            begun = time.monotonic()
            strangers_get_nothing(r, address, table)
            roles_get_what_they_may(r, address, table, roles, people)
            forms_of_others_do_nothing(r, address, table, roles, people)
            programs_get_what_their_token_may(r, address, table, roles, recoup, people)
            half_signed_in_is_not_signed_in(r, address, table, recoup)
            print(f"{len(table)} routes, {len(people)} roles: "
                  f"{time.monotonic() - begun:.1f} s")
        findings = recoup.findings()
        r.check(not findings, "the book is sound afterwards", *findings)
    return r.end()


if __name__ == "__main__":
    sys.exit(main())
