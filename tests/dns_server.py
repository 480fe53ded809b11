"""A name server for tests: on a free port of this machine, it knows the texts that it is given, and nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset


class DnsServer:
    """Answers for TXT by UDP, and by TCP what is too long for it; `fails` makes it say that it cannot.

    `asked` is each name that was asked for, in small letters and without the last dot.
    """

    def __init__(self, texts: Mapping[str, str | tuple[str, ...]]) -> None:
        self.texts = dict(texts)
        self.fails = False
        self.is_silent = False
        self.asked: list[str] = []
        while True:
            self._tcp = socket.create_server(("127.0.0.1", 0))
            self.port = int(self._tcp.getsockname()[1])
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self._udp.bind(("127.0.0.1", self.port))
                break
            except OSError:
                self._tcp.close()
                self._udp.close()

    def __enter__(self) -> Self:
        for work in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._udp.close()
        self._tcp.shutdown(socket.SHUT_RDWR)
        self._tcp.close()

    def _serve_udp(self) -> None:
        while True:
            try:
                data, client = self._udp.recvfrom(4096)
                answer = self._answer(data)
                if answer is None:
                    continue
                wire = answer.to_wire()
                if len(wire) > 1232:
                    short = dns.message.make_response(dns.message.from_wire(data))
                    short.flags |= dns.flags.TC
                    wire = short.to_wire()
                self._udp.sendto(wire, client)
            except OSError:
                return

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            with connection:
                length = int.from_bytes(connection.recv(2), "big")
                answer = self._answer(connection.recv(length))
                if answer is not None:
                    wire = answer.to_wire()
                    connection.sendall(len(wire).to_bytes(2, "big") + wire)

    def _answer(self, data: bytes) -> dns.message.Message | None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if self.is_silent:
            return None
        if self.fails:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.TXT:
            texts = self.texts[name]
            records = [_record(text) for text in ((texts,) if isinstance(texts, str) else texts)]
            if records:
                found = dns.rrset.from_text_list(question.name, 60, dns.rdataclass.IN, dns.rdatatype.TXT, records)
                answer.answer.append(found)
        return answer


def _record(text: str) -> str:
    """Return a text as a record holds it: in pieces of at most 255 characters."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, max(len(text), 1), 255))
