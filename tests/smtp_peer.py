#!/usr/bin/python3
"""A mail server on loopback that does what the name of the recipient says.

Prints its port, then one line for each message it has taken: "took <recipient> <connection>".

  rcpt-later@    451 when named          rcpt-never@    550 when named
  data-later@    452 after the data      data-never@    554 after the data
  start-later@   451 to DATA             start-never@   554 to DATA
  start-drop@    hangs up at DATA        data-drop@     takes the data, hangs up, says nothing
  middle-drop@   hangs up in mid-data    slow@          takes the data, says nothing for long
  bye@           takes it, then hangs up; anybody else is taken

Options: --login (user "recoup", password "a right one"), --tls CERTIFICATE KEY (STARTTLS),
--greeting CODE (greets with this code and no more).
"""
import argparse
import asyncio
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

connections = 0


class Peer(SMTP):
    def connection_made(self, transport):
        global connections
        if not self.transport:  # not again after STARTTLS
            connections += 1
            self.number = connections
        super().connection_made(transport)

    def wish(self):
        recipients = self.envelope.rcpt_tos if self.envelope else []
        return recipients[0].split("@")[0] if recipients else ""

    async def smtp_DATA(self, arg):
        wish = self.wish()
        if wish == "start-later":
            return await self.push("451 4.3.0 not now")
        if wish == "start-never":
            return await self.push("554 5.3.0 not here")
        if wish == "start-drop":
            return self.transport.abort()
        if wish == "middle-drop":
            await self.push("354 go on")
            await self._reader.read(1000)
            return self.transport.abort()
        await super().smtp_DATA(arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("rcpt-later@"):
            return "451 4.2.1 mailbox busy"
        if address.startswith("rcpt-never@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        wish = server.wish()
        if wish == "data-later":
            return "452 4.3.1 no room"
        if wish == "data-never":
            return "554 5.7.1 not wanted"
        if wish == "data-drop":
            server.transport.abort()
            return "250 unheard"
        if wish == "slow":
            await asyncio.sleep(5)
        print("took", envelope.rcpt_tos[0], server.number, len(envelope.content), flush=True)
        if wish == "bye":
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"recoup" and data.password == b"a right one"
    return AuthResult(success=right, handled=False)


async def greet_only(code, reader, writer):
    writer.write(b"%d no service\r\n" % code)
    await reader.read(100)
    writer.close()


async def main(options):
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)

    def peer():
        return Peer(Handler(), hostname="peer.example", tls_context=context,
                    authenticator=authenticate if options.login else None,
                    auth_required=options.login, auth_require_tls=False,
                    loop=asyncio.get_running_loop())

    if options.greeting:
        server = await asyncio.start_server(
            lambda r, w: greet_only(options.greeting, r, w), "127.0.0.1", 0)
    else:
        server = await asyncio.get_running_loop().create_server(peer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--login", action="store_true")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--greeting", type=int)
    asyncio.run(main(parser.parse_args()))
