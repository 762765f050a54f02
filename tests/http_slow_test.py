#!/usr/bin/env python3
"""Who is slow holds up nobody and is ended; ten thousand who only hold a connection are borne.

Five ways of being slow, at the same time, while pages are read. It bites: whoever is just quick
enough is served.
"""
import os
import resource
import socket
import sys
import threading
import time

import console
import http_raw
import spine

GET = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + http_raw.FORM
CROWD = 10_000
KB_EACH = 48  # of memory for each of them, in the release program


def gone(connection):
    """True once the other side has closed."""
    try:
        connection.settimeout(0)
        return connection.recv(65536) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def drip(connection, pieces, pause, most):
    """Sends piece after piece; how long until the connection was closed, or None."""
    begun = time.monotonic()
    for piece in pieces:
        if time.monotonic() - begun > most or gone(connection):
            break
        try:
            connection.sendall(piece)
        except OSError:
            break
        time.sleep(pause)
    while time.monotonic() - begun < most:
        if gone(connection):
            return time.monotonic() - begun
        time.sleep(0.1)
    return None


def says_nothing(server):
    with server.connect() as c:
        return drip(c, [], 0, 40)


def asks_once(server):
    with server.connect() as c:
        c.sendall(GET)
        c.recv(65536)
        return drip(c, [], 0, 40)


def slow_head(server):
    with server.connect() as c:
        return drip(c, [bytes([b]) for b in GET[:-4] + b"\r\nX: " + b"a" * 100], 1, 60)


def slow_body(server):
    with server.connect() as c:
        return drip(c, [POST + b"Content-Length: 900\r\n\r\n"] + [b"a"] * 100, 1, 60)


def slow_reader(server):
    """Asks for much, and takes a little now and then, so that something always moves."""
    c = socket.socket()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c.connect((server.host, server.port))
    begun = time.monotonic()
    with c:
        asked = b"GET /static/recoup.css HTTP/1.1\r\nHost: x\r\n\r\n" * 400
        c.settimeout(1)
        while time.monotonic() - begun < 90:
            try:
                if asked:
                    asked = asked[c.send(asked[:20000]):]
            except TimeoutError:
                pass
            except OSError:
                return time.monotonic() - begun
            try:
                if c.recv(256) == b"":
                    return time.monotonic() - begun
            except TimeoutError:
                pass
            except OSError:
                return time.monotonic() - begun
            time.sleep(1)
    return None


def slow_ones(results, server):
    # name, function, seconds from and to: an idle connection 15, a head 30, a body and a reply 20 and
    # a second for each 4 KB; looked at once a second
    cases = [("who says nothing", says_nothing, 14, 20), ("who asks once, and stays", asks_once, 14, 20),
             ("whose head never ends", slow_head, 29, 36), ("whose body never ends", slow_body, 19, 26),
             ("who reads a drop now and then", slow_reader, 20, 60)]
    took, threads, answers = {}, [], []
    for name, function, _, _ in cases:
        thread = threading.Thread(target=lambda n=name, f=function: took.__setitem__(n, f(server)))
        thread.start()
        threads.append(thread)
    while any(thread.is_alive() for thread in threads):
        begun = time.monotonic()
        if server.say(GET, replies=1).statuses != [200]:
            answers.append(99)
        answers.append(time.monotonic() - begun)
        time.sleep(0.5)
    for name, _, least, most in cases:
        results.check(took[name] is not None and least <= took[name] <= most,
                      f"{name} is ended after {least} to {most} seconds", str(took[name]))
    results.check(sorted(answers)[len(answers) * 9 // 10] < 1, "meanwhile pages are answered",
                  f"{max(answers):.2f} s at most")


def quick_enough(results, server):
    with server.connect() as c:
        form = b"email=a&password=" + b"b" * 100000
        c.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(form))
        for at in range(0, len(form), 4500):
            c.sendall(form[at:at + 4500])
            time.sleep(1)
        told = http_raw.Told(*http_raw.read_all(c, 10, 1))
        results.check(told.statuses == [422], "4.5 KB a second is quick enough", told)


def crowd(results, book):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    many = min(CROWD, limit[1] - 600)
    release = os.access(spine.FAST, os.X_OK)
    with http_raw.serving(book, "--log", "off", program=spine.FAST if release else None) as server:
        server.say(GET, replies=1)
        before = server.status_field("VmRSS")
        connections = [server.connect() for _ in range(many)]
        begun = time.monotonic()
        told = server.say(GET, replies=1)
        results.check(told.statuses == [200] and time.monotonic() - begun < 15,
                      f"a page is answered beside {many} that say nothing", told)
        idle = (server.status_field("VmRSS") - before) / many
        answered = 0
        for at in range(0, many, 250):  # the queue holds 384
            for c in connections[at:at + 250]:
                c.sendall(GET)
            for c in connections[at:at + 250]:
                answered += http_raw.Told(*http_raw.read_all(c, 20, 1)).statuses == [200]
        results.check(answered == many, f"all of {many} are answered", str(answered))
        kept = (server.status_field("VmRSS") - before) / many
        begun = time.monotonic()
        told = server.say(GET, replies=1)
        results.check(told.statuses == [200] and time.monotonic() - begun < 15,
                      f"and a page beside {many} that may ask again", told)
        if release:
            print(f"memory of each of {many} connections: {idle:.1f} KB idle, {kept:.1f} KB kept open")
            results.check(kept < KB_EACH, f"each takes less than {KB_EACH} KB", f"{kept:.1f}")
        for c in connections:
            c.close()
        time.sleep(3)
        left = server.status_field("VmRSS") - before
        results.check(not release or left < 60000, "their memory goes back", f"{left} KB")


def main():
    results = spine.Results("slow clients")
    with spine.scratch("slow") as folder:
        book = console.demo(folder, accounts=30)
        with http_raw.serving(book, "--log", "off") as server:
            thread = threading.Thread(target=quick_enough, args=(results, server))
            thread.start()
            slow_ones(results, server)
            thread.join()
            results.check(server.alive(), "the server is still there")
        crowd(results, book)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
