"""A made-up official export of any size: tickets as Zendesk writes them, one JSON object per line.

Each line has the 41 keys of the real thing, whole people (38 keys), group, organization, metrics and
comments with three texts each. The same seed, size and number of slices give the same bytes.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from make_people import API, START, WORDS, Record, group, organization, user, written_time

_AGENTS, _GROUPS = 40, 8
_OVERLAP = 0.3  # of a slice: lines that an earlier slice holds too
_ACCENTED = ["Grüße", "façade", "naïve", "Straße", "señor", "crème"]  # in three texts of ten
_FOREIGN = ["注文", "заказ", "😀", "配送", "доставка"]  # in one of twenty


def write_export(folder: Path, *, size: int, slices: int = 1, seed: int = 1) -> list[Path]:
    """Write `slices` files of together about `size` bytes into `folder`. Returns their paths.

    A later slice repeats tickets of earlier ones, half of them changed since: as slices by date do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maker = _Maker(seed)
    paths = []
    for number in range(slices):
        path = folder / f"export_{seed}_{number}.json"
        with path.open("wb") as file:
            for line in maker.lines(size // slices, repeat=_OVERLAP if number else 0.0):
                file.write(line)
        paths.append(path)
    return paths


class _Maker:
    """Makes tickets in ascending order of their ids, and old ones again."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._next = 1
        self._random = random.Random(seed)  # noqa: S311 -- nothing secret is made of it
        self._texts = [_text(self._random) for _ in range(2000)]
        self._agents = [user(index, agent=True) for index in range(_AGENTS)]

    def lines(self, size: int, *, repeat: float) -> Iterator[bytes]:
        written, before = 0, self._next
        while written < size:
            if before > 1 and self._random.random() < repeat:
                number, changed = self._random.randrange(1, before), self._random.random() < 0.5
            else:
                number, changed = self._next, False
                self._next += 1
            line = orjson.dumps(self._ticket(number, changed=changed)) + b"\n"
            written += len(line)
            yield line

    def _ticket(self, number: int, *, changed: bool) -> Record:
        chance = random.Random(self._seed * 1_000_003 + number)  # noqa: S311 -- as above
        # Most people ask once or twice, some all the time.
        requester = user(int(number * 0.45 * chance.random() ** 0.5), agent=False)
        agent = self._agents[chance.randrange(_AGENTS)]
        at = START + timedelta(minutes=7 * number)
        count = 1 + min(int(chance.expovariate(0.28)), 60)
        comments = [
            self._comment(number, index, chance, requester=requester, agent=agent, at=at)
            for index in range(count + changed)
        ]
        updated = written_time(at + timedelta(hours=5 * len(comments)))
        fields = [
            {"id": 360_000_000_000 + index, "value": _FIELD_VALUES[(number + index) % len(_FIELD_VALUES)]}
            for index in range(14)
        ]
        return {
            "url": f"{API}/tickets/{number}.json",
            "id": number,
            "external_id": None,
            "via": _via("email", requester, number=4),
            "created_at": written_time(at),
            "updated_at": updated,
            "type": ("question", "problem", None)[number % 3] if number % 3 != 1 else "incident",
            "subject": comments[0]["plain_body"][:60],
            "raw_subject": comments[0]["plain_body"][:60],
            "description": comments[0]["body"],
            "priority": ("normal", "high", None)[number % 3],
            "status": ("closed", "closed", "solved", "open", "pending")[number % 5],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": True,
            "due_at": None,
            "tags": ["delivery", f"campaign_{number % 90}", "bikes"][: number % 4],
            "custom_fields": fields,
            "satisfaction_rating": {"score": "unoffered"},
            "sharing_agreement_ids": [],
            "fields": fields,
            "followup_ids": [],
            "ticket_form_id": 360_000_100_000 + number % 3,
            "brand_id": 360_000_200_000,
            "satisfaction_probability": None,
            **_metrics(number, created=written_time(at), updated=updated, replies=count // 2),
            "allow_channelback": False,
            "allow_attachments": True,
            "generated_timestamp": int((at + timedelta(hours=5 * len(comments))).timestamp()) + 9,
            "submitter": requester,
            "requester": requester,
            "assignee": agent,
            "collaborator": [],
            "recipient": "support@example-shop.com",
            "group": group(number % _GROUPS),
            "organization": organization(requester["id"] % 5000) if requester["organization_id"] else None,
            "comments": comments,
        }

    def _comment(
        self,
        ticket: int,
        index: int,
        chance: random.Random,
        *,
        requester: Record,
        agent: Record,
        at: datetime,
    ) -> Record:
        number = 8_000_000_000_000 + ticket * 1000 + index * 7
        # No two comments are the same: a database would store equal ones once.
        text = f"{self._texts[chance.randrange(len(self._texts))]} ({chance.getrandbits(40):x})"
        by_agent = index % 2 == 1
        return {
            "id": number,
            "type": "Comment",
            "author_id": (agent if by_agent else requester)["id"],
            "body": text,
            "html_body": _html(text),
            "plain_body": text.replace("\n", " \n "),
            "public": index == 0 or chance.random() > 0.2,
            "attachments": [_attachment(number + 1, chance)] if chance.random() < 0.15 else [],
            "audit_id": number + 2,
            "ticket_id": ticket,
            "via": _via("web", None, number=0) if by_agent else _via("email", requester, number=4),
            "metadata": {
                "system": {
                    "message_id": f"<{number}.{chance.getrandbits(60):x}@mail.example.com>",
                    "raw_email_identifier": f"01/{chance.getrandbits(120):x}.eml",
                    "ip_address": f"198.51.100.{ticket % 250}",
                    "location": "Halden, 01, Norway",
                    "latitude": 59.1 + (ticket % 100) / 997,
                    "longitude": 11.3875,
                },
                "custom": {},
                "suspension_type_id": None,
            },
            "created_at": written_time(at + timedelta(hours=5 * index)),
        }


_FIELD_VALUES = ("", None, "bike_model_x2", "warranty", True, "2024-03-01", ["a", "b"], "10517014")


def _text(chance: random.Random) -> str:
    count = max(4, min(int(chance.lognormvariate(4.2, 0.9)), 900))
    kind = chance.random()
    words = [*WORDS, *(_FOREIGN if kind < 0.05 else _ACCENTED if kind < 0.35 else ())]
    chosen = (chance.choice(words) for _ in range(count))
    return "".join(f"{word}\n\n" if chance.random() < 0.05 else f"{word} " for word in chosen).strip()


def _html(text: str) -> str:
    paragraphs = "".join(f'<p dir="auto">{part}</p>' for part in text.split("\n\n"))
    return f'<div class="zd-comment" dir="auto">{paragraphs}</div>'


def _via(channel: str, person: Record | None, *, number: int) -> Record:
    from_, to = {}, {}
    if person:
        from_ = {"address": person["email"], "name": person["name"]}
        to = {"name": "Example Shop", "address": "support@example-shop.com"}
    return {"channel": channel, "source": {"from": from_, "to": to, "rel": None}, "id": number}


def _attachment(number: int, chance: random.Random) -> Record:
    name = f"IMG_{number % 10_000:04d}.jpg"
    url = f"https://example-shop.zendesk.com/attachments/token/{chance.getrandbits(120):x}/?name={name}"
    return {
        "url": f"{API}/attachments/{number}.json",
        "id": number,
        "file_name": name,
        "content_url": url,
        "mapped_content_url": url,
        "content_type": "image/jpeg",
        "size": 10_000 + number % 900_000,
        "width": 1280,
        "height": 960,
        "inline": False,
        "deleted": False,
        "thumbnails": [],
    }


def _metrics(number: int, *, created: str, updated: str, replies: int) -> Record:
    dates = {
        "assignee_updated_at": updated,
        "requester_updated_at": created,
        "status_updated_at": updated,
        "initially_assigned_at": created,
        "assigned_at": created,
        "solved_at": updated,
        "latest_comment_added_at": updated,
    }
    minutes = {"calendar": number % 5000, "business": number % 1700}
    kinds = ("reply", "first_resolution", "full_resolution", "agent_wait", "requester_wait", "on_hold")
    metric_set = {
        "url": f"{API}/ticket_metrics/{360_001_000_000 + number}.json",
        "id": 360_001_000_000 + number,
        "ticket_id": number,
        "created_at": created,
        "updated_at": updated,
        "group_stations": 1,
        "assignee_stations": 1,
        "reopens": 0,
        "replies": replies,
        **dates,
        **{f"{kind}_time_in_minutes": minutes for kind in kinds},
    }
    return {"metric_set": metric_set, "dates": dates}
