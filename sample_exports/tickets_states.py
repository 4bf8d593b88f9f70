"""Awkward tickets: states, fields, ratings, times, ids."""

from .story import File, Said, Story
from .texts import answer_of, note_of, thanks_of

_DAY = 24 * 60  # minutes


def _long_thread() -> tuple[Said, ...]:
    """Forty comments from September to November, so that the October slice has only the first."""
    writers = ("lars", "jonas", "lars", "maryam")
    said = []
    for place in range(40):
        by = writers[place % 4]
        text = f"Message {place + 1} of our long talk. " + (
            note_of(f"12/{place}") if by == "maryam" else thanks_of(f"12/{place}")
        )
        said.append(Said(by=by, text=text, public=by != "maryam", after=_DAY + 13 * 60 + 20 + place))
    return tuple(said)


STORIES: tuple[Story, ...] = (
    Story(
        id=12,
        by="lars",
        subject="Framework agreement 2027",
        started="2026-09-14 08:00:00",
        shows="forty comments; in the API dump on two pages; 32 of them by October",
        status="open",
        priority="urgent",
        followers=("ingrid",),
        fields={"dealer": "nord", "reference": "ledger 7731"},
        said=_long_thread(),
    ),
    Story(
        id=25,
        by="marie",
        subject="Vélo endommagé",
        started="2026-10-27 09:00:00",
        shows="custom status 'Waiting for courier'",
        status="hold",
        custom_status="courier",
        form="repair",
        priority="high",
        fields={"topic": "delivery", "bike_status": "bike_not_rideable"},
        said=(
            Said(by="marie", text="Le cadre est plié."),
            Said(by="jonas", text="Le transporteur vient le chercher."),
            Said(by="jonas", text="Courier booked, claim not yet accepted.", public=False),
        ),
    ),
    Story(
        id=26,
        by="anna",
        subject="Warranty case, all papers",
        started="2026-08-03 08:00:00",
        shows="a value in every custom field, one option that no longer exists, one field switched off",
        form="repair",
        status="pending",
        kind="question",
        fields={
            "frame": "HB3-0099127",
            "address": "Storgata 1\n1767 Halden\nNorway",
            "warranty": True,
            "bought": "2026-03-02",
            "count": "1",
            "refund": "1249.50",
            "order": "HB-104417",
            "card": "XXXXXXXXXXXX4242",
            "topic": "parts__brakes__drum",
            "parts": ["part_pads", "part_saddle_m"],
            "dealer": "nord",
            "reference": "ledger 7102",
            "bike_status": "bike_rideable",
            "colour": "midnight green",
        },
        said=(
            Said(
                by="anna",
                text="Attached are all papers.",
                files=(File(name="papers.zip", content_type="application/zip", size=204_111),),
            ),
            Said(by="jonas", text="Complete. We decide this week."),
        ),
    ),
    Story(
        id=27,
        by="marie",
        subject="Ids out of order",
        started="2026-08-10 10:00:00",
        shows="comment ids do not follow time",
        status="solved",
        said=(
            Said(by="marie", text="First in time, largest id.", id_shift=9_000_000_000),
            Said(by="jonas", text="Second in time, smallest id.", after=45, id_shift=-9_000_000_000),
            Said(by="marie", text="Third in time.", after=45),
        ),
    ),
    Story(
        id=28,
        by="zoe",
        subject="Three at once",
        started="2026-08-12 10:00:00",
        shows="three comments of the same second, ids against their order",
        said=(
            Said(by="zoe", text="One.", after=0),
            Said(by="jonas", text="Two, same second.", after=0, id_shift=-200_000),
            Said(by="jonas", text="Three, same second, a note.", after=0, public=False, id_shift=-400_000),
            Said(by="zoe", text="Four, later.", after=10),
        ),
    ),
    Story(
        id=29,
        by="siobhan",
        subject=None,
        started="2026-08-20 10:00:00",
        shows="no subject at all (null)",
        channel="api",
        said=(Said(by="siobhan", text="sms: bike 12 has a flat"), Said(by="jonas", text="On our way.")),
    ),
    Story(
        id=31,
        by="emil",
        subject="Are you still there?",
        started="2026-07-01 10:00:00",
        shows="Zendesk itself is the author (-1): an automation and the system write",
        status="closed",
        said=(
            Said(by="emil", text="How do I set the clock of the display?"),
            Said(by="jonas", text="Hold both keys for five seconds."),
            Said(
                by="system",
                text="We have not heard from you for four days and consider this solved.",
                after=4 * _DAY,
                via={
                    "channel": "rule",
                    "source": {
                        "from": {"id": 20397150325013, "title": "Close after four days", "deleted": False},
                        "to": {},
                        "rel": "automation",
                    },
                },
            ),
            Said(
                by="system",
                text="Ticket moved by the system.",
                public=False,
                after=1,
                via={"channel": "system", "source": {"from": {}, "to": {}, "rel": None}},
            ),
        ),
    ),
    Story(
        id=33,
        by="anna",
        subject="Thank you, Jonas",
        started="2026-09-01 09:00:00",
        shows="rated good, with a comment",
        csat=("good", "Jonas is <great> & fast"),
        status="closed",
        said=(
            Said(by="anna", text="Where can I download the manual?"),
            Said(by="jonas", text="Here: https://shop.haldenbikes.test/manuals?model=fjell3&lang=en"),
        ),
    ),
    Story(
        id=34,
        by="noa",
        subject="Waiting for three weeks",
        started="2026-09-03 09:00:00",
        shows="rated bad, with a comment",
        csat=("bad", "Nobody called me back."),
        status="closed",
        said=(
            Said(by="noa", text="I wait for three weeks now."),
            Said(by="jonas", text="I am sorry. The customs office holds it."),
            Said(by="ingrid", text="We forgot her parcel. Do not tell, send a voucher.", public=False),
        ),
    ),
    Story(
        id=35,
        by="wei",
        subject="Catalogue",
        started="2026-09-05 02:00:00",
        shows="rating offered, not given",
        csat=("offered", None),
        status="solved",
        said=(
            Said(by="wei", text="Please send the catalogue 2027."),
            Said(
                by="jonas",
                text="Attached.",
                files=(File(name="catalogue.pdf", content_type="application/pdf", size=5_120_000),),
            ),
        ),
    ),
    Story(
        id=49,
        by="ingrid",
        subject="Check the fire extinguishers",
        started="2026-10-29 08:00:00",
        shows="task with a due date, requester is an agent; equal in both slices",
        channel="web",
        kind="task",
        due="2026-12-01 11:00:00",
        status="open",
        organization=None,
        said=(Said(by="ingrid", text="Every December, please."), Said(by="maryam", text="Will do.")),
    ),
    Story(
        id=51,
        by="yusuf",
        subject="سؤال جديد",
        started="2026-11-19 21:30:00",
        shows="new: no agent, no group, no organization",
        status="new",
        assignee=None,
        group=None,
        organization=None,
        tags=("السعر",),
        said=(Said(by="yusuf", text="ما هو سعر الدراجة الجديدة؟"),),
    ),
    Story(
        id=52,
        by="purchasing",
        subject="Damaged on return <urgent>",
        started="2026-11-15 09:00:00",
        shows="pending; only in the November slice",
        brand="rental",
        status="pending",
        ccs=("lars",),
        followers=("sofie",),
        fields={"topic": "rental__damage", "refund": "-75.00"},
        said=(
            Said(by="purchasing", text="Bike 31 came back without a saddle."),
            Said(by="jonas", text=answer_of("52")),
            Said(by="sofie", text=note_of("52"), public=False),
        ),
    ),
)
