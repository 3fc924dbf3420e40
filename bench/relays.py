"""What our mail is measured against: smtplib with prepared bytes, and Postfix's smtp-source."""

from __future__ import annotations

import smtplib
import subprocess
import time
from collections.abc import Sequence
from itertools import cycle, islice

from app.mail.wire import Envelope
from tests.services import smtp_sink
from tests.services.smtp_sink import SmtpSink


def plain_rate(sink: SmtpSink, prepared: Sequence[Envelope], mails: int) -> float:
    """Mails a second that smtplib hands over on one connection, one after the other."""
    with smtplib.SMTP("127.0.0.1", sink.port, "localhost", timeout=30) as relay:
        began = time.perf_counter()
        for envelope in islice(cycle(prepared), mails):
            relay.sendmail(envelope.sender, [envelope.recipient], envelope.data)
        return mails / (time.perf_counter() - began)


def source_rate(sink: SmtpSink, size: int, mails: int) -> float | None:
    """Mails a second that smtp-source, written in C, hands over in two sessions; None without."""
    binary = smtp_sink.find_binary()
    source = binary and binary.with_name("smtp-source")
    if binary is None or source is None or not source.exists():
        return None
    sessions = ["-s", "2", "-d", "-m", str(mails), "-l", str(size)]
    began = time.perf_counter()
    subprocess.run(
        [source, "-4", *sessions, f"127.0.0.1:{sink.port}"],
        env=smtp_sink.environment(binary),
        check=True,
    )
    return mails / (time.perf_counter() - began)
