"""Reports in the shapes in which mail servers write them, about made-up people."""

POSTFIX = """\
Return-Path: <>
Date: Tue,  6 Oct 2026 10:01:07 +0100 (BST)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: hello@groups.example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ2k0Cz.1791277267/mx.example.net"
Message-Id: <4XyZ2k1Qwz@mx.example.net>

This is a MIME-encapsulated message.

--4XyZ2k0Cz.1791277267/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{to}>: host mail.example.org[192.0.2.7] said: 550 5.1.1
    <{to}>: Recipient address rejected: User unknown (in reply to RCPT TO)

--4XyZ2k0Cz.1791277267/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4XyZ2k0Cz
X-Postfix-Sender: rfc822; hello@groups.example.org
Arrival-Date: Tue,  6 Oct 2026 10:01:05 +0100 (BST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected:
    User unknown

--4XyZ2k0Cz.1791277267/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <hello@groups.example.org>
From: Tuesday group <hello@groups.example.org>
To: {to}
Subject: Tuesday group, Tuesday 6 October
Message-ID: <{key}@groups.example.org>

--4XyZ2k0Cz.1791277267/mx.example.net--
"""

EXIM = """\
Return-path: <>
Received: from Debian-exim by mx.example.net with local (Exim 4.96)
\tid 1v5abc-0001-2x; Tue, 06 Oct 2026 10:01:07 +0100
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: hello@groups.example.org
References: <{key}@groups.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=1791277267-eximdsn-1
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1v5abc-0001-2x@mx.example.net>

--1791277267-eximdsn-1
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    Unrouteable address

--1791277267-eximdsn-1
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: {action}
Final-Recipient: rfc822;{to}
Status: {status}

--1791277267-eximdsn-1
Content-type: message/rfc822

Return-path: <hello@groups.example.org>
From: Tuesday group <hello@groups.example.org>
To: {to}
Message-ID: <{key}@groups.example.org>
Subject: Tuesday group
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset="utf-8"

Hello Jo

--inner--

--1791277267-eximdsn-1--
"""

EXCHANGE = """\
From: Microsoft Outlook
\t<MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>
To: <hello@groups.example.org>
Date: Tue, 6 Oct 2026 09:01:07 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="c8a2d0f1-outer"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <0d5f2f6b-ndr@AB1EXAMPLE.prod.example.com>
In-Reply-To: <{key}@groups.example.org>
References: <{key}@groups.example.org>
Subject: Undeliverable: Tuesday group, Tuesday 6 October
Auto-Submitted: auto-replied
MIME-Version: 1.0

--c8a2d0f1-outer
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="d9-inner"

--d9-inner
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {to} couldn't be delivered.=20

--d9-inner
Content-Type: text/html; charset="us-ascii"

<html><body><p>Your message couldn't be delivered.</p></body></html>

--d9-inner--

--c8a2d0f1-outer
Content-Type: message/delivery-status

Reporting-MTA: dns;AB1EXAMPLE.prod.example.com
Received-From-MTA: dns;mx.example.net
Arrival-Date: Tue, 6 Oct 2026 09:01:05 +0000

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound;
 Recipient {to} not found by SMTP address lookup
X-Display-Name: {to}

--c8a2d0f1-outer
Content-Type: message/rfc822

Received: from mx.example.net by AB1EXAMPLE.prod.example.com
From: Tuesday group <hello@groups.example.org>
To: {to}
Message-ID: <changed-on-the-way@AB1EXAMPLE.prod.example.com>
X-Reference: {key}
Subject: Tuesday group

Hello Jo

--c8a2d0f1-outer--
"""

GMAIL = """\
Return-Path: <>
X-Gm-Message-State: AOJu0Yw
Content-Type: multipart/report; boundary="000000000000a1b2c30600000001"; report-type=delivery-status
To: hello@groups.example.org
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example.com>
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{key}@groups.example.org>
In-Reply-To: <{key}@groups.example.org>
X-Failed-Recipients: {to}
Message-ID: <67f.a1b2@mx.googlemail.example.com>
Date: Tue, 06 Oct 2026 02:01:07 -0700 (PDT)

--000000000000a1b2c30600000001
Content-Type: multipart/related; boundary="000000000000a1b2c30600000002"

--000000000000a1b2c30600000002
Content-Type: multipart/alternative; boundary="000000000000a1b2c30600000003"

--000000000000a1b2c30600000003
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {to} because the address couldn't be found.

--000000000000a1b2c30600000003--

--000000000000a1b2c30600000002--

--000000000000a1b2c30600000001
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example.com
Arrival-Date: Tue, 06 Oct 2026 02:01:06 -0700 (PDT)
X-Original-Message-ID: <{key}@groups.example.org>

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org. (192.0.2.7, the server for the domain example.org.)
Diagnostic-Code: smtp; 550 5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Tue, 06 Oct 2026 02:01:07 -0700 (PDT)

--000000000000a1b2c30600000001
Content-Type: message/rfc822

From: Tuesday group <hello@groups.example.org>
To: {to}
Message-ID: <{key}@groups.example.org>
Subject: Tuesday group

--000000000000a1b2c30600000001--
"""

SHAPES = {"postfix": POSTFIX, "exim": EXIM, "exchange": EXCHANGE, "gmail": GMAIL}

HOLIDAY = """\
From: Jo <jo@example.org>
To: hello@groups.example.org
Subject: Automatic reply: Tuesday group
Auto-Submitted: auto-replied
Message-ID: <away@example.org>

I am away until Monday. STOP
"""


def report(
    shape: str, key: str, *, to: str = "jo@example.org", action: str = "failed",
    status: str = "5.1.1",
) -> bytes:  # fmt: skip
    """A report about the message with that key, as it travels."""
    text = SHAPES[shape].format(key=key, to=to, action=action, status=status)
    return text.replace("\n", "\r\n").encode()


def mail(
    text: str, *, sender: str = "Jo <jo@example.org>", subject: str = "Re: Tuesday group",
    message_id: str = "<one@example.org>", more: str = "",
) -> bytes:  # fmt: skip
    """A mail that somebody wrote."""
    head = f"From: {sender}\nTo: hello@groups.example.org\nSubject: {subject}\n"
    head += f"Message-ID: {message_id}\n" if message_id else ""
    return (head + more + "\n" + text).replace("\n", "\r\n").encode()
