#!/usr/bin/env python3
"""TLS by certificate files: what is spoken and what is not, and new certificates without a new start."""
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import warnings

import console
import http_raw
import spine

SIGN_IN = b"email=rosa%40fairhaven.example&password=demo-1234-demo"


def certificate(folder, name, kind="ec", days=30):
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    how = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else ["-newkey", "rsa:2048"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-days", str(days), "-subj", f"/CN={name}", *how,
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    return cert, key


def client(least=ssl.TLSVersion.TLSv1_2, most=ssl.TLSVersion.TLSv1_3, ciphers=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = least, most
    if ciphers:
        context.set_ciphers(ciphers)
    return context


def speak(server, context, request=b"GET /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
    """What came back, the version and cipher, and the name in the certificate."""
    with socket.create_connection((server.host, server.port), 10) as raw:
        with context.wrap_socket(raw) as line:
            der = line.getpeercert(binary_form=True)
            said = line.version(), line.cipher()[0]
            line.sendall(request)
            told = http_raw.Told(*http_raw.read_all(line, 10))
    text = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-subject", "-nameopt", "multiline"],
                          input=der, capture_output=True, check=True).stdout.decode()
    return told, said, text.split("= ")[-1].strip()


def name_shown(server):
    return speak(server, client())[2]


def refused(results, server, what, context):
    try:
        told, said, _ = speak(server, context)
        results.check(False, f"{what} is refused", f"{said} {told}")
    except (ssl.SSLError, ConnectionError):
        results.check(True, f"{what} is refused")


def spoken(results, server):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        told, said, name = speak(server, client(version, version))
        results.check(told.statuses == [200] and name == "first" and ("GCM" in said[1] or "POLY" in said[1]),
                      f"{version.name} is spoken", f"{told} {said}")
    v10, v11, v12 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2
    weak = "ALL:@SECLEVEL=0"
    refused(results, server, "TLS 1.0", client(v10, v10, weak))
    refused(results, server, "TLS 1.1", client(v11, v11, weak))
    refused(results, server, "a session that can be read later", client(v12, v12, "kRSA:@SECLEVEL=0"))
    refused(results, server, "a cipher in blocks", client(v12, v12, "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:@SECLEVEL=0"))
    told = server.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", seconds=5)
    results.check(not told.replies and told.closed, "plain HTTP gets no answer", told)
    body = (b"POST /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + http_raw.FORM +
            b"Content-Length: %d\r\n\r\n" % len(SIGN_IN) + SIGN_IN)
    reply = speak(server, client(), body)[0].replies[0]
    cookie = reply.header("Set-Cookie")
    results.check(reply.status == 303 and "; Secure" in cookie and "HttpOnly" in cookie, "cookies are for TLS alone",
                  cookie)
    results.check(int(reply.header("Strict-Transport-Security").split("=")[1]) >= 31536000, "and browsers stay with it")


def waiting(results, server):
    """Handshakes that never end hold up nobody."""
    held = [server.connect() for _ in range(50)]
    for c in held:
        c.sendall(b"\x16\x03\x01\x02\x00")
    begun = time.monotonic()
    results.check(speak(server, client())[0].statuses == [200] and time.monotonic() - begun < 10,
                  "50 that never end their handshake hold up nobody")
    for c in held:
        c.close()


def becomes(server, name, seconds=8):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if name_shown(server) == name:
            return True
        time.sleep(0.1)
    return False


def renewed(results, server, folder, cert, key):
    second = certificate(folder, "second", "rsa")
    with socket.create_connection((server.host, server.port), 10) as raw:
        with client().wrap_socket(raw) as line:
            for new, old in zip(second, (cert, key)):
                os.replace(new, old)
            results.check(becomes(server, "second"), "a new certificate is shown without a new start")
            line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
            results.check(http_raw.Told(*http_raw.read_all(line, 5, 1)).statuses == [200],
                          "who is connected already stays so")
    kept = cert.read_bytes(), key.read_bytes()
    third = certificate(folder, "third")
    cert.write_bytes(third[0].read_bytes())
    time.sleep(2.5)
    results.check(name_shown(server) == "second", "while certificate and key do not fit, the old ones stay")
    results.check("is not the key of the certificate" in server.log(), "and the log says so", server.log())
    key.write_bytes(third[1].read_bytes())
    results.check(becomes(server, "third"), "once they fit they are taken")
    cert.write_text("nonsense")
    time.sleep(2.5)
    results.check(name_shown(server) == "third" and "is no chain of certificates" in server.log(),
                  "nonsense is not", server.log())
    times = os.stat(cert).st_mtime
    cert.write_bytes(kept[0])
    key.write_bytes(kept[1])
    os.utime(cert, (times, times))
    server.process.send_signal(signal.SIGHUP)
    results.check(becomes(server, "second"), "SIGHUP reads them again")


def bad_files(results, book, folder):
    cert, key = certificate(folder, "good")
    other = certificate(folder, "other")[1]
    call = spine.Recoup(book, http_raw.checked())
    locked = folder / "locked.key"
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", locked], check=True,
                   capture_output=True)
    for what, one, two, code, says in (("another key", cert, other, 5, "is not the key of the certificate"),
                                       ("no certificate", key, key, 5, "is no chain of certificates"),
                                       ("no key", cert, cert, 5, "is no private key"),
                                       ("a key with a password", cert, locked, 5, "is no private key"),
                                       ("no file", folder / "none.pem", key, 3, "none.pem")):
        ran = call.call("serve", "--tls-cert", one, "--tls-key", two, "--listen", "127.0.0.1:0")
        results.check(ran.returncode == code and says in ran.stderr, f"{what} is refused, and named",
                      f"{ran.returncode} {ran.stderr}")


def main():
    if shutil.which("openssl") is None:
        spine.skip("TLS: openssl is not installed")
    results = spine.Results("TLS")
    with spine.scratch("tls") as folder:
        book = console.demo(folder, accounts=20)
        cert, key = certificate(folder, "first")
        with http_raw.serving(book, "--tls-cert", str(cert), "--tls-key", str(key)) as server:
            results.check(server.scheme == "https", "it says https")
            spoken(results, server)
            waiting(results, server)
            renewed(results, server, folder, cert, key)
        with http_raw.serving(book, "--tls-cert", str(cert), "--tls-key", str(key), "--log", "off",
                              listen="0.0.0.0:0") as server:
            server.host = "127.0.0.1"
            results.check(speak(server, client())[0].statuses == [200], "with TLS it may listen everywhere")
        bad_files(results, book, folder)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
