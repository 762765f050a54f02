#!/usr/bin/env python3
"""What a message asks for is what was decided: the total in its words is the total of the row."""
import email
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

BIN = os.path.abspath(os.environ.get("RECOUP_BIN", "build/recoup"))


def total_of(message):
    """Currency and minor units of the one total in the text part; None where it has no such."""
    for part in email.message_from_bytes(message).walk():
        if part.get_content_type() == "text/plain":
            text = part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8")
            text = text.replace("\r", "")
            found = re.findall(r"^Total[^(\n]*\((\w{3})\): *\S*?([\d,.]+)$", text, re.M)
            if len(found) == 1:
                return found[0][0], int(re.sub(r"[,.]", "", found[0][1]))
    return None


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BIN, "demo", "--accounts", "400", "--no-serve", "--now",
                        "2026-11-20T16:00:00Z"], cwd=folder, check=True, capture_output=True)
        with sqlite3.connect(os.path.join(folder, "demo-data/recoup.db")) as db:
            rows = db.execute("SELECT o.open_minor, m.bytes, o.casefile_id FROM outbox AS o JOIN "
                              "message AS m USING (bucket, casefile_id, outbox_no) "
                              "WHERE o.channel = 'email' AND o.state = 'sent'").fetchall()
    for minor, message, casefile in rows:
        total = total_of(message)
        if total is None:
            continue
        fine = total[1] == minor
        passed, failed = passed + fine, failed + (not fine)
        if not fine:
            print("FAILED case file %d: decided %d, written %d" % (casefile, minor, total[1]))
    if passed < 10:
        print("FAILED only %d messages had a total to compare" % passed)
        failed += 1
    print("message: %d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
