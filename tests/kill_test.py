#!/usr/bin/python3
"""Killed at two hundred places of deciding and sending, nothing is said twice and nothing lost.

A small book lives for some weeks: each day the cycle runs and a worker delivers. The check build
(base/torture.h) is killed by SIGKILL at its n-th write, commit or send, begun again and killed
again, until it comes to its end. Emails go to a real mail server on loopback, which counts them by
their Message-ID; or into a folder. Afterwards:

  the server has no message twice; every queued message was sent, or is unsure and was taken at most
  once, or has ended with a reason; the books prove clean; what was decided is what a run that
  nobody disturbed decides.
"""
import asyncio
import collections
import csv
import datetime
import email
import os
import random
import re
import subprocess
import sys
import threading
import time

import spine

try:
    from aiosmtpd.smtp import SMTP
except ImportError:
    SMTP = None

FIRST, DAYS = datetime.date(2026, 3, 2), 45
DEBTORS, KILLS = 9, {"smtp": 110, "folder": 90, "postgres": 20}
MOST_SECONDS = 90  # of one way of sending; then it goes on without kills


# ---- the mail server ----

class Inbox:
    """Takes everything, and remembers how often it took what."""

    def __init__(self):
        self.taken = collections.Counter()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    async def handle_DATA(self, _server, _session, envelope):
        self.taken[email.message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 taken"

    async def listen(self):
        make = lambda: SMTP(self, hostname="peer.example", loop=self.loop)
        return await self.loop.create_server(make, "127.0.0.1", 0)

    def __enter__(self):
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self.listen(), self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


# ---- a small book ----

def invoices_write(path, dice):
    day = lambda base, n: (base + datetime.timedelta(n)).strftime("%m/%d/%Y").replace("/0", "/")
    header = ("countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
              "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate").split(",")
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        for n in range(DEBTORS):
            place = dice.choice(["391", "770", "818", "897"])
            for k in range(dice.randint(1, 3)):
                made = dice.randint(-25, 5)
                due = made + dice.randint(10, 30)
                paid = due + dice.choice([8, 20, 200, 200])
                out.writerow([place, f"K{n:03}", "1/1/2020", f"{n:03}{k:07}", day(FIRST, made),
                              day(FIRST, due), f"{dice.randint(1, 900)}.{dice.randint(0, 99):02}",
                              "No", day(FIRST, paid), "Paper", "1", "0"])


def moment(day, minute=0):
    at = datetime.datetime.combine(FIRST, datetime.time(15)) + datetime.timedelta(day, 60 * minute)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Life:
    """One book and where its messages go."""

    def __init__(self, folder, name, source, inbox=None, url=None, binary=spine.DEADLY):
        self.home = folder / name
        self.home.mkdir()
        self.inbox, self.db = inbox, url or self.home / "recoup.db"
        letters = self.home / "sent"
        config = self.home / "recoup.yaml"
        if inbox:
            config.write_text("channels:\n  email:\n"
                              f'    smtp: "smtp://127.0.0.1:{inbox.port}"\n    tls: never\n'
                              "    return_to: bounces@example.com\n"
                              f"  letter:\n    folder: {letters}\n")
        else:
            config.write_text(f"channels: {{folder: {letters}}}\n")
        self.letters = letters
        self.recoup = spine.Recoup(self.db, binary, {
            "RECOUP_CONFIG": str(config), "ASAN_OPTIONS": "detect_leaks=0"})
        self.recoup.must("init", "--name", "killed", "--org", "Killed and Sons")
        self.recoup.must("setting", "put", "email", "accounts@example.com")
        self.recoup.must("import", "invoices", source, "--map", "ibm-ar", "-y",
                         "--now", moment(-1))
        # Keeps the rules: their texts are a hundred places to die at before the first message.
        self.recoup.must("worker", "--until-idle", "--now", moment(-1))
        self.kills = 0

    def query(self, sql):
        if not str(self.db).startswith("postgres"):
            return spine.rows(self.db, sql)
        out = subprocess.run(["psql", "-qXAt", "-F", "\x1f", "-R", "\x1e", "-c", sql,
                              str(self.db)], check=True, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL).stdout
        number = lambda cell: int(cell) if re.fullmatch(r"-?\d{1,19}", cell) else cell
        return [tuple(number(cell) for cell in row.split("\x1f"))
                for row in out.rstrip("\n").split("\x1e") if row]

    def has_work(self, day, minute):
        at = datetime.datetime.strptime(moment(day, minute), "%Y-%m-%dT%H:%M:%SZ")
        us = int(at.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000000
        return self.query("SELECT COUNT(*) FROM outbox WHERE state IN ('ready', 'sending') "
                          f"AND not_before <= {us}")[0][0] > 0

    def has_due(self, day):
        at = datetime.datetime.strptime(moment(day), "%Y-%m-%dT%H:%M:%SZ")
        us = int(at.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000000
        return self.query(f"SELECT COUNT(*) FROM casefile WHERE wake_at <= {us}")[0][0] > 0

    def live(self, dice, most_kills):
        """Each day until idle; while there are kills left, every call may be deadly."""
        until = time.monotonic() + MOST_SECONDS
        for day in range(DAYS):
            while self.has_due(day):
                if self.kills >= most_kills or time.monotonic() > until or \
                        not self.die(dice, "run", "--now", moment(day)):
                    self.recoup.must("run", "--now", moment(day))
                    break
            minute = 0
            while self.has_work(day, minute):
                minute += 11  # past the lease of a worker that was killed
                now = moment(day, minute)
                if self.kills >= most_kills or time.monotonic() > until or \
                        not self.die(dice, "worker", "--until-idle", "--now", now):
                    self.recoup.must("worker", "--until-idle", "--now", now)

    def die(self, dice, *words):
        killed = self.recoup.killed(dice.randint(1, 45), *words)
        self.kills += killed
        return killed

    # ---- what is compared ----

    def decisions(self):
        """By what they say, not by their place: what was sent meanwhile stands between them."""
        records = self.query("SELECT bucket, casefile_id, at, kind, record FROM journal WHERE kind "
                             "IN ('decision', 'refusal', 'ladder_end', 'promise_settled')")
        steps = self.query("SELECT bucket, casefile_id, debt_no, instalment_no, ladder, step, day "
                           "FROM step")
        queued = self.query("SELECT bucket, casefile_id, outbox_no, channel, party_no, address, "
                            "template, step, debts, currency, open_minor, decided_at, expires_at "
                            "FROM outbox")
        files = self.query("SELECT bucket, casefile_id, wake_at, last_no, standing, standing_until "
                           "FROM casefile")
        said = lambda rows: sorted(tuple(map(str, row)) for row in rows)  # psql says only words
        return {"records": said(records), "steps": said(steps), "queued": said(queued),
                "case files": said(files)}

    def messages(self):
        names = {}
        if not str(self.db).startswith("postgres"):
            for case, number, key, data in spine.rows(
                    self.db, "SELECT casefile_id, outbox_no, message_key, bytes FROM message"):
                names[case, number] = (key, email.message_from_bytes(data)["Message-ID"])
        rows = self.query("SELECT casefile_id, outbox_no, channel, state, "
                          "COALESCE(state_reason, '') FROM outbox")
        for case, number, channel, state, reason in rows:
            yield case, number, channel, state, reason, names.get((case, number), (None, None))


def check_ends(results, life, way):
    wrong, states = [], collections.Counter()
    for case, number, channel, state, reason, (key, name) in life.messages():
        states[state] += 1
        row = (case, number, channel, state, reason, name)
        if channel == "email" and life.inbox and name:
            times = life.inbox.taken[name]
            right = times == 1 if state == "sent" else \
                times <= 1 if state == "unsure" else times == 0
        elif key:
            suffix = ".eml" if channel == "email" else ".pdf"
            there = (life.letters / f"{key}{suffix}").exists()
            right = there if state == "sent" else not there
        else:
            right = True
        if state not in ("sent", "unsure", "expired", "refused", "failed") or \
                (state != "sent" and not reason) or not right:
            wrong.append(row)
    results.none(wrong, f"{way}: a message is lost, or its end is not true")
    if life.inbox:
        twice = [name for name, times in life.inbox.taken.items() if times > 1]
        results.none(twice, f"{way}: the server was given a message twice")
        heard = states["sent"] + states["unsure"]
        emails = sum(life.inbox.taken.values())
        results.check(0 < emails <= heard, f"{way}: the server took {emails} of {heard}")
    else:
        files = [p for p in life.letters.iterdir() if not p.name.startswith(".")]
        results.check(len(files) == states["sent"] > 20, f"{way}: {len(files)} files, {states}")
    results.check(way == "folder" or not life.kills or states["unsure"] > 0,
                  f"{way}: no kill fell between two transactions")
    results.check(way != "folder" or states["unsure"] == 0,
                  f"{way}: where repeats are dropped, nothing is unsure")
    return states


def check_life(results, life, way, undisturbed, wanted):
    states = check_ends(results, life, way)
    results.none(spine.differences(undisturbed, life.decisions()),
                 f"{way}: decided otherwise than undisturbed")
    results.none(life.recoup.findings(), f"{way}: prove")
    results.check(life.kills >= wanted, f"{way}: only {life.kills} kills of {wanted}")
    ends = ", ".join(f"{n} {s}" for s, n in sorted(states.items()))
    print(f"{way}: {life.kills} kills; {ends}", flush=True)


# ---- the ways ----

def quiet_life(results, folder, source, way, inbox):
    life = Life(folder, f"{way}-quiet", source, inbox, binary=spine.program())
    life.live(None, 0)
    states = check_ends(results, life, f"{way} undisturbed")
    results.check(states["unsure"] == 0, "undisturbed, nothing is unsure")
    results.none(life.recoup.findings(), f"{way} undisturbed: prove")
    return life.decisions()


def lives(results, folder, source, way, inboxes, undisturbed, dice):
    """As many lives as it takes to be killed so often; every one must end well."""
    kills, n = 0, 0
    while kills < KILLS[way] and n < 8:
        n += 1
        with inboxes() as inbox:
            life = Life(folder, f"{way}-{n}", source, inbox)
            life.live(dice, KILLS[way] - kills)
            kills += life.kills
            check_life(results, life, way, undisturbed, 1)
    results.check(kills >= KILLS[way], f"{way}: only {kills} kills")


def left_behind(life, dice):
    """Kills a worker between its two transactions: the messages it held, and the minute."""
    held = ("SELECT o.casefile_id, o.outbox_no, o.channel, c.reference, m.message_key "
            "FROM outbox AS o JOIN casefile AS c ON c.bucket = o.bucket AND "
            "c.casefile_id = o.casefile_id JOIN message AS m ON m.bucket = o.bucket AND "
            "m.casefile_id = o.casefile_id AND m.outbox_no = o.outbox_no "
            "WHERE o.state = 'sending'")
    for day in range(DAYS):
        life.recoup.must("run", "--now", moment(day))
        for minute in range(11, 200, 11):
            if not life.has_work(day, minute) or \
                    not life.recoup.killed(dice.randint(1, 30), "worker", "--until-idle", "--now",
                                           moment(day, minute)):
                break
            there = [row for row in life.query(held)
                     if not any(life.letters.glob(f"{row[4]}.*"))]
            if there:
                return there, day, minute
    return [], 0, 0


def stopped_meanwhile(results, folder, source, dice):
    """Killed with a message in hand; before it is sent again, its reader says stop."""
    life = Life(folder, "stopped", source)
    there, day, minute = left_behind(life, dice)
    results.check(there, "no worker died with a message in hand")
    for case, number, channel, account, key in there:
        life.recoup.must("contact", "opt-out", account, "--channel", channel,
                         "--now", moment(day, minute + 1))
    life.recoup.must("worker", "--until-idle", "--now", moment(day, minute + 11))
    for case, number, channel, account, key in there:
        state = life.query(f"SELECT state FROM outbox WHERE casefile_id = {case} "
                           f"AND outbox_no = {number}")[0][0]
        results.check(state == "unsure", f"stopped meanwhile: {account} is {state}")
        results.check(not any(life.letters.glob(f"{key}.*")),
                      f"stopped meanwhile: {account} was written to all the same")
    results.none(life.recoup.findings(), "stopped meanwhile: prove")


class Nobody:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        pass


def on_postgres(results, folder, source, undisturbed, dice):
    url = os.environ.get("RECOUP_TEST_PG")
    if not url:
        print("SKIP on PostgreSQL: RECOUP_TEST_PG is not set", flush=True)
        return
    schema = f"kill_{os.getpid()}"
    sql = lambda text: subprocess.run(["psql", "-qX", url, "-c", text], check=True,
                                      stdin=subprocess.DEVNULL, capture_output=True)
    sql(f"CREATE SCHEMA {schema}")
    try:
        with Inbox() as inbox:
            book = f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
            life = Life(folder, "postgres", source, inbox, book)
            life.live(dice, KILLS["postgres"])
            check_life(results, life, "postgres", undisturbed, KILLS["postgres"])
    finally:
        sql(f"DROP SCHEMA {schema} CASCADE")


def main():
    if not spine.DEADLY.exists():
        spine.skip("there is no build/check/recoup; run make MODE=check first")
    results, dice = spine.Results("kills"), random.Random(int(os.environ.get("SEED", "20260302")))
    with spine.scratch("kills") as folder:
        source = folder / "invoices.csv"
        invoices_write(source, random.Random(7))
        undisturbed = quiet_life(results, folder, source, "folder", None)
        lives(results, folder, source, "folder", Nobody, undisturbed, dice)
        stopped_meanwhile(results, folder, source, dice)
        if SMTP is None:
            print("SKIP with a mail server: python3-aiosmtpd is not installed", flush=True)
        else:
            lives(results, folder, source, "smtp", Inbox, undisturbed, dice)
            on_postgres(results, folder, source, undisturbed, dice)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
