#!/usr/bin/env python3
"""Where a request ends is said in one way only (RFC 9112, 11.2): whatever two programs could read
differently is refused, and what follows it on the connection is never taken for a request.

Behind each request stands a second one, which nobody asked for. `alone`: it must not be answered.
`both`: it is a request of its own, and is. The test bites: requests that are good, and nearly the
same, are answered, both of them.
"""
import sys

import console
import http_raw
import spine

HOST = b"Host: x\r\n"
SECOND = b"GET /sign-in?second HTTP/1.1\r\nHost: x\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
POST = b"POST /sign-in HTTP/1.1\r\n" + HOST + http_raw.FORM
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

# name, request, status of the first reply (None: any from 400 on), "alone" or "both"
REQUESTS = [
    ("a good request", GET + b"\r\n", 200, "both"),
    ("a good form", POST + b"Content-Length: 3\r\n\r\na=1", 422, "both"),
    ("no body, and said so", GET + b"Content-Length: 0\r\n\r\n", 200, "both"),
    ("blank lines before", b"\r\n\r\n" + GET + b"\r\n", 200, "both"),
    ("tabs around a value", GET + b"X-A:\t b\r\n\r\n", 200, "both"),

    ("a length and a coding", POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400, "alone"),
    ("a coding and a length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
     400, "alone"),
    ("two lengths", POST + b"Content-Length: 3\r\nContent-Length: 50\r\n\r\na=1", 400, "alone"),
    ("the same length twice", POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1", 400, "alone"),
    ("lengths in a list", POST + b"Content-Length: 3, 3\r\n\r\na=1", 400, "alone"),
    ("a length with a sign", POST + b"Content-Length: +3\r\n\r\na=1", 400, "alone"),
    ("a length below nought", POST + b"Content-Length: -1\r\n\r\na=1", 400, "alone"),
    ("a length with a letter", POST + b"Content-Length: 3x\r\n\r\na=1", 400, "alone"),
    ("a length in hex", POST + b"Content-Length: 0x3\r\n\r\na=1", 400, "alone"),
    ("an empty length", POST + b"Content-Length: \r\n\r\na=1", 400, "alone"),
    ("a length with a blank after it", POST + b"Content-Length: 3 \r\n\r\na=1", 400, "alone"),
    ("a blank before the colon", POST + b"Content-Length : 3\r\n\r\na=1", 400, "alone"),
    ("a length of 2^64 + 3", POST + b"Content-Length: 18446744073709551619\r\n\r\na=1", None, "alone"),
    ("a length of 2^63", POST + b"Content-Length: 9223372036854775808\r\n\r\na=1", None, "alone"),

    ("another coding", POST + b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n", 501, "alone"),
    ("a coding by a like name", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, "alone"),
    ("two codings", POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501, "alone"),
    ("two lines of codings",
     POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400, "alone"),
    ("an odd blank before the coding", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400,
     "alone"),
    ("chunked in HTTP/1.0",
     b"POST /sign-in HTTP/1.0\r\n" + http_raw.FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "alone"),
    ("a folded coding", POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400, "alone"),
    ("a coding, folded on", POST + b"Transfer-Encoding: chunked\r\n ,identity\r\n\r\n0\r\n\r\n", 400,
     "alone"),
    ("a folded length", POST + b"Content-Length: 3\r\n x\r\n\r\na=1", 400, "alone"),
    ("a folded header", GET + b"X-A: b\r\n c\r\n\r\n", 400, "alone"),
    ("a folded header, empty", GET + b"X-A: b\r\n \r\n\r\n", 400, "alone"),
    ("a fold before all headers", b"GET /healthz HTTP/1.1\r\n X: y\r\n" + HOST + b"\r\n", 400, "alone"),

    ("bare LF", b"GET /healthz HTTP/1.1\nHost: x\n\n", 400, "alone"),
    ("bare LF after one header", GET + b"X: a\nY: b\r\n\r\n", 400, "alone"),
    ("a coding behind a bare LF",
     POST + b"X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, "alone"),
    ("bare LF at the end", GET + b"\n", 400, "alone"),
    ("bare CR", GET + b"X: a\rTransfer-Encoding: chunked\r\n\r\n", 400, "alone"),
    ("CR CR LF", GET + b"X: a\r\r\n\r\n", 400, "alone"),
    ("NUL in a value", GET + b"X: a\0b\r\n\r\n", 400, "alone"),
    ("NUL in a value, not the last", GET + b"X: a\0b\r\nY: c\r\n\r\n", 400, "alone"),
    ("NUL in a name", GET + b"X\0Y: a\r\n\r\n", 400, "alone"),
    ("NUL in the length", POST + b"Content-Length: 3\x003\r\n\r\na=1", 400, "alone"),
    ("NUL in the address", b"GET /healthz\0/x HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("NUL in the version", b"GET /healthz HTTP/1.1\0x\r\n" + HOST + b"\r\n", 400, "alone"),
    ("an escape in a value", GET + b"X: \x1b[2J\r\n\r\n", 400, "alone"),
    ("a line without a colon", GET + b"nonsense\r\n\r\n", 400, "alone"),
    ("an empty name", GET + b": x\r\n\r\n", 400, "alone"),
    ("a name with a blank", GET + b"X Y: z\r\n\r\n", 400, "alone"),
    ("a name beyond ASCII", GET + "X-é: z\r\n\r\n".encode(), 400, "alone"),

    ("a blank in the address", b"GET /heal thz HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("two blanks", b"GET  /healthz  HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("a whole address", b"GET http://y/healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("a fragment", b"GET /healthz#a HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("a star", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400, "alone"),
    ("a tunnel", b"CONNECT x:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501, "alone"),
    ("an echo", b"TRACE /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 501, "alone"),
    ("a method in small letters", b"get /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 501, "alone"),
    ("no host", b"GET /healthz HTTP/1.1\r\n\r\n", 400, "alone"),
    ("two hosts", GET + HOST + b"\r\n", 400, "alone"),
    ("HTTP/0.9", b"GET /healthz\r\n", 400, "alone"),
    ("HTTP/1.0", b"GET /healthz HTTP/1.0\r\n\r\n", 200, "alone"),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None, "alone"),
    ("HTTP/1.10", b"GET /healthz HTTP/1.10\r\n" + HOST + b"\r\n", 400, "alone"),
    ("http/1.1", b"GET /healthz http/1.1\r\n" + HOST + b"\r\n", 400, "alone"),

    ("a body where none is meant", GET + b"Content-Length: %d\r\n\r\n" % len(SECOND), 400, "alone"),
    ("a chunked body where none is meant", GET + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "alone"),
    ("a body with HEAD",
     b"HEAD /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(SECOND), 400, "alone"),
    ("something unknown is expected", POST + b"Content-Length: 3\r\nExpect: 200-maybe\r\n\r\na=1", 417,
     "alone"),

    # A proxy may have seen the end of chunks elsewhere: after them the connection is closed.
    ("good chunks", CHUNKED + b"3\r\na=1\r\n0\r\n\r\n", 422, "alone"),
    ("chunks with headers after them", CHUNKED + b"3\r\na=1\r\n0\r\nContent-Length: 5\r\n\r\n", 422,
     "alone"),
    ("chunks with extensions", CHUNKED + b"3;x=y\r\na=1\r\n0\r\n\r\n", 422, "alone"),
    ("chunks by bare LF", CHUNKED + b"3\na=1\n0\n\n", 422, "alone"),
    ("an extension cut by a bare LF", CHUNKED + b"3;x\nyy\r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk of 0x3", CHUNKED + b"0x3\r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk of -1", CHUNKED + b"-1\r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk of +3", CHUNKED + b"+3\r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk with a blank", CHUNKED + b"3 \r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk of 2^68", CHUNKED + b"ffffffffffffffff3\r\na=1\r\n0\r\n\r\n", 413, "alone"),
    ("a chunk that is longer than said", CHUNKED + b"2\r\na=1\r\n0\r\n\r\n", 400, "alone"),
    ("a chunk without a length", CHUNKED + b"\r\na=1\r\n0\r\n\r\n", 400, "alone"),
]


def framing(results, server):
    for name, request, status, follows in REQUESTS:
        told = server.say(request + SECOND, replies=2 if follows == "both" else None)
        first = told.statuses[0] if told.statuses else 400  # closed without a word is a refusal
        right = first >= 400 if status is None else first == status
        seconds = [r for r in told.replies[1:] if r.status == 200 and b"Sign in" in r.body]
        if follows == "both":
            results.check(right and len(seconds) == 1, f"{name}: answered, and the next one too", told)
        else:
            results.check(right and not seconds and told.closed,
                          f"{name}: {status or 'refused'}, closed, nothing after it", told)
    results.check(server.alive(), "the server is still there")


def hidden(results, server):
    """What is inside a body stays there, whatever it looks like."""
    form = b"email=%s&password=x" % (b"GET /sign-in?second HTTP/1.1%0d%0aHost: x%0d%0a%0d%0a")
    told = server.say(POST + b"Content-Length: %d\r\n\r\n" % len(form) + form + SECOND, replies=2)
    results.check(told.statuses == [422, 200], "a request typed into a field is a field", told)
    body = b"a=1\r\n\r\n" + SECOND
    told = server.say(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body, seconds=0.5)
    results.check(told.statuses == [422], "a request inside the body is the body", told)
    told = server.say(b"POST /nowhere HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(SECOND)
                      + SECOND, seconds=0.5)
    results.check(told.statuses == [404], "the body of what is nowhere is read, and thrown away", told)
    told = server.say(b"GET /static/recoup.css HTTP/1.1\r\n" + HOST +
                      b"Content-Length: %d\r\n\r\n" % len(SECOND) + SECOND, seconds=0.5)
    results.check(told.statuses == [200], "so is that of a file", told)


def in_pieces(results, server):
    """Strictness must not hit who is only slow, or has much to say."""
    request = GET + b"".join(b"X-Header-%d: %s\r\n" % (i, b"v" * 200) for i in range(40)) + b"\r\n"
    told = server.say(*[request[i:i + 997] for i in range(0, len(request), 997)], between=0.01, replies=1)
    results.check(told.statuses == [200], "40 headers, 9 KB, in pieces", told)
    told = server.say(*[request[i:i + 1] for i in range(2000)], request[2000:], between=0.0002, replies=1)
    results.check(told.statuses == [200], "and byte by byte", told)
    told = server.say(request * 3, replies=3)
    results.check(told.statuses == [200, 200, 200], "three at once", told)
    cut = len(GET) + 5
    told = server.say(request + request[:cut], request[cut:], between=0.1, replies=2)
    results.check(told.statuses == [200, 200], "the second cut in the middle", told)
    form = b"email=a&password=" + b"b" * 50000
    told = server.say(POST + b"Content-Length: %d\r\n\r\n" % len(form),
                      *[form[i:i + 5000] for i in range(0, len(form), 5000)], between=0.01, replies=1)
    results.check(told.statuses == [422], "a form in pieces", told)
    told = server.say(POST + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", b"a=1", between=0.3, replies=1)
    results.check(told.statuses == [100, 422], "a body that waits to be asked for", told)


def limits(results, server):
    def status(request, seconds=5.0):
        told = server.say(request, seconds=seconds, replies=1)
        return told.statuses[-1] if told.statuses else None

    def form(body, kind=http_raw.FORM, path=b"/sign-in"):
        return status(b"POST " + path + b" HTTP/1.1\r\n" + HOST + kind +
                      b"Content-Length: %d\r\n\r\n" % len(body) + body)

    many = b"&".join(b"f%d=1" % i for i in range(200))
    results.check(form(many) == 422, "200 fields are taken")
    results.check(form(many + b"&g=1") == 400, "201 are not")
    target = b"/sign-in?" + b"&".join(b"f%d=1" % i for i in range(120))
    results.check(status(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n") == 200,
                  "120 fields in an address")
    results.check(status(b"GET /sign-in?" + b"&a" * 210 + b" HTTP/1.1\r\n" + HOST + b"\r\n") == 400,
                  "210 are too many")
    # The library gives no answer to so many pieces, and forgets the request; we must not.
    results.check(status(b"GET /sign-in?" + b"&" * 2000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 1.0) in
                  (None, 400, 431), "2,000 are not answered")
    address = b"/sign-in?a=" + b"a" * (2048 - 11)
    results.check(status(b"GET " + address + b" HTTP/1.1\r\n" + HOST + b"\r\n") == 200,
                  "an address of 2,048 bytes")
    results.check(status(b"GET " + address + b"a HTTP/1.1\r\n" + HOST + b"\r\n") == 414, "one more")
    results.check(status(b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + HOST + b"\r\n") == 414,
                  "an address of 100 KB")
    results.check(status(GET + b"X: " + b"a" * 60000 + b"\r\n\r\n") == 431, "a header of 60 KB")
    lines = b"".join(b"X-%d: a\r\n" % i for i in range(63))
    results.check(status(GET + lines + b"\r\n") == 200, "64 headers")
    results.check(status(GET + lines + b"Y: b\r\n\r\n") == 431, "65 headers")
    results.check(status(GET + b"".join(b"X-%d: a\r\n" % i for i in range(5000)) + b"\r\n") == 431,
                  "5,000 headers")
    mebi = 1 << 20
    results.check(form(b"email=" + b"a" * (mebi - 6)) == 422, "a form of 1 MiB")
    results.check(form(b"email=" + b"a" * (mebi - 5)) == 413, "one byte more")
    told = server.say(POST + b"Content-Length: 999999999999\r\n\r\n")
    results.check(told.statuses == [413] and told.closed, "a terabyte is refused before it comes", told)
    told = server.say(POST + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")
    results.check(told.statuses == [413] and told.closed, "and what asks first is told at once", told)
    big = CHUNKED + b"%x\r\n" % (2 * mebi) + b"a" * (2 * mebi) + b"\r\n0\r\n\r\n"
    results.check(status(big) == 413, "2 MiB in a chunk")
    results.check(b"too much" in server.say(big).replies[-1].body, "in the style of the house")


def kinds(results, server):
    def status(kind, body=b"a=1", path=b"/sign-in"):
        head = b"Content-Type: " + kind + b"\r\n" if kind else b""
        told = server.say(b"POST " + path + b" HTTP/1.1\r\n" + HOST + head +
                          b"Content-Length: %d\r\n\r\n" % len(body) + body, replies=1)
        return told.statuses[-1]

    results.check(status(b"application/x-www-form-urlencoded; charset=UTF-8") == 422, "a form")
    results.check(status(b"Application/X-WWW-Form-URLencoded") == 422, "in other letters")
    for kind in (b"", b"text/plain", b"application/json", b"application/xml", b"form", b";",
                 b"application/x-www-form-urlencoded; charset=latin-1", b"multipart/form-data",
                 b"multipart/form-data; boundary=", b"multipart/form-data; boundary=" + b"b" * 71):
        results.check(status(kind) == 415, f"{kind!r} is no form")
    parts = (b"--B\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nx@y.example\r\n"
             b"--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nno\r\n--B--\r\n")
    results.check(status(b"multipart/form-data; boundary=B", parts) == 422, "a form in parts")
    results.check(status(b'multipart/form-data; boundary="B"', parts) == 422, "with a quoted boundary")
    file = parts.replace(b'name="password"', b'name="password"; filename="a.txt"')
    results.check(status(b"multipart/form-data; boundary=B", file) == 415,
                  "a file where the route takes none")
    for name, bad in (("no end", parts[:-4]), ("no beginning", parts[3:]), ("another boundary",
                      parts.replace(b"--B", b"--C")), ("no name", parts.replace(b"name=", b"nome=")),
                      ("no blank line", parts.replace(b"\r\n\r\n", b"\r\n")), ("nothing", b"x"),
                      ("bare LF", parts.replace(b"\r\n", b"\n")),
                      ("NUL in a value", parts.replace(b"x@y", b"x\0y")),
                      ("no UTF-8", parts.replace(b"x@y", b"\xff@y")),
                      ("201 parts", parts[:-7] + parts[:-7] * 101 + b"--B--\r\n")):
        results.check(status(b"multipart/form-data; boundary=B", bad) == 400, f"parts with {name}")
    for name, bad in (("no UTF-8", b"email=%ff%fe"), ("NUL", b"email=%00"), ("a NUL", b"email=\0"),
                      ("half a byte", b"email=%4"), ("no hex", b"email=%zz"), ("raw bytes", b"email=\xff"),
                      ("a surrogate", b"email=%ed%a0%80"), ("too long a form", b"email=%c0%af")):
        results.check(status(b"application/x-www-form-urlencoded", bad) == 400, f"a form with {name}")


def main():
    results = spine.Results("framing")
    with spine.scratch("framing") as folder:
        book = console.demo(folder, accounts=30)
        with http_raw.serving(book, "--log", "off") as server:
            framing(results, server)
            hidden(results, server)
            in_pieces(results, server)
            limits(results, server)
            kinds(results, server)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
