"""The twenty-five people of the sample: six who work there, nineteen who wrote in."""

from .company import (
    GROUPS,
    ORGANIZATIONS,
    SECRET,
    Record,
    at,
    made_id,
)
from .person import person, photo


def _group(name: str) -> int:
    return int(GROUPS[name]["id"])


def _organization(name: str) -> int:
    return int(ORGANIZATIONS[name]["id"])


PEOPLE: dict[str, Record] = {
    "ingrid": person(
        1,
        "Ingrid Solberg",
        "ingrid@haldenbikes.test",
        "admin",
        role_type=4,
        default_group_id=_group("support"),
        signature="Ingrid, Halden Bikes",
        photo=photo(1),
        notes=f"Owner of the account. {SECRET}",
    ),
    "jonas": person(
        2,
        "Jonas Lie",
        "jonas@haldenbikes.test",
        "agent",
        default_group_id=_group("support"),
        signature="Hilsen Jonas\nHalden Bikes",
        alias="Jonas L.",
        custom_role_id=made_id("rule", 40),
        role_type=0,
    ),
    "maryam": person(
        3,
        "Maryam Haddad",
        "maryam@haldenbikes.test",
        "agent",
        default_group_id=_group("workshop"),
        signature="Maryam – workshop",
        custom_role_id=made_id("rule", 40),
        role_type=0,
        details=f"Certified for e-bikes. {SECRET}",
    ),
    # Left in November: the account made her an end-user. PEOPLE_IN_OCTOBER still has the agent.
    "tomoko": person(
        4,
        "Tomoko Ito",
        "tomoko@haldenbikes.test",
        updated_at=at("2026-11-05 16:00:00"),
        notes=f"Left 5 Nov 2026. {SECRET}",
    ),
    "petter": person(
        5,
        "Petter Dahl",
        None,
        "agent",
        active=False,
        permanently_deleted=False,
        updated_at=at("2025-08-01 09:00:00"),
        default_group_id=_group("night"),
    ),
    "sofie": person(
        6,
        "Sofie Berg",
        "sofie@haldenbikes.test",
        "agent",
        role_type=1,
        only_private_comments=True,
        custom_role_id=made_id("rule", 41),
        default_group_id=_group("billing"),
    ),
    "anna": person(
        7,
        "Anna Kvist",
        "anna.kvist@fjordmail.test",
        external_id="cust-1001",
        verified=True,
        tags=["newsletter"],
        phone="+47 22 55 01 42",
        notes=f"Sued a dealer once, stay polite. {SECRET}",
        details=f"Second home in Bergen. {SECRET}",
        user_fields={
            "system::embeddable_last_seen": "2026-10-04T00:00:00+00:00",
            "shoe_size": "38",
            "vip_reason": f"knows the owner {SECRET}",
        },
    ),
    "lars": person(
        8,
        "Lars Öberg",
        "lars@nordsykkel.test",
        external_id="cust-1002",
        organization_id=_organization("nord"),
        locale="sv",
        locale_id=92,
        tags=["dealer"],
    ),
    "caller": person(
        9, "Caller +47 22 55 01 99", None, phone="+47 22 55 01 99", shared_phone_number=False, verified=False
    ),
    "webuser": person(10, "Web User 1234", None, verified=False, tags=["messaging"]),
    "olga": person(
        11, "Olga Petrova", None, external_id="cust-1017", phone="+47 22 55 01 17", verified=False
    ),
    "yusuf": person(
        12,
        "يوسف المصري",
        "yusuf@souqmail.test",
        locale="ar",
        locale_id=66,
        time_zone="Cairo",
        iana_time_zone="Africa/Cairo",
    ),
    "noa": person(
        13,
        "נועה לוי",
        "noa.levi@galim.test",
        locale="he",
        locale_id=30,
        time_zone="Jerusalem",
        iana_time_zone="Asia/Jerusalem",
    ),
    "wei": person(
        14,
        "王伟",
        "wei@yamaji.test",
        organization_id=_organization("yamaji"),
        locale="zh-cn",
        locale_id=10,
        time_zone="Osaka",
        iana_time_zone="Asia/Tokyo",
    ),
    # One person, registered twice: Zendesk compares e-mails without case, old accounts did not.
    "emil": person(15, "Emil Strand", "emil.strand@fjordmail.test"),
    "emil_twin": person(16, "Emil S.", "Emil.Strand@Fjordmail.test", external_id="cust-1021"),
    "spammer": person(
        17, "Max Profit", "max@cheap-loans.test", suspended=True, updated_at=at("2026-02-02 10:00:00")
    ),
    "erased": person(
        18,
        "Permanently Deleted User",
        None,
        active=False,
        permanently_deleted=True,
        verified=False,
        updated_at=at("2026-11-08 03:12:00"),
    ),
    "kari": person(
        19,
        "Kari Holm",
        None,
        active=False,
        permanently_deleted=False,
        verified=False,
        updated_at=at("2026-06-19 13:00:00"),
    ),
    "marie": person(
        20,
        "Marie Dubois",
        "marie@velo-lumiere.test",
        organization_id=_organization("lumiere"),
        locale="fr",
        locale_id=16,
        external_id="cust-1008",
    ),
    "courier": person(21, "Karel Novák (Rask Kurér)", "dispatch@rask-courier.test"),
    "purchasing": person(
        22,
        "Purchasing, Brugge Bike Rental",
        "purchasing@brugge-rental.test",
        organization_id=_organization("brugge"),
        notes=f"Shared mailbox. {SECRET}",
    ),
    "siobhan": person(
        23,
        "Siobhán O’Neil <sales & rentals>",
        "siobhan@fjordtours.test",
        organization_id=_organization("fjord"),
        external_id="cust-1030",
    ),
    "zoe": person(24, "Zoe\u0308 A\u030akerlund", "zoe@fjordmail.test", external_id="cust-1044"),
    "hans": person(25, "Hans Vik", "hans@oldtown-cycles.test", organization_id=_organization("oldtown")),
}

# What the October slice of the official export, and one sideload of the API dump, still say.
PEOPLE_IN_OCTOBER: dict[str, Record] = {
    **PEOPLE,
    "tomoko": person(
        4,
        "Tomoko Ito",
        "tomoko@haldenbikes.test",
        "agent",
        default_group_id=_group("night"),
        signature="Tomoko, night desk",
    ),
    "erased": person(18, "Bjarne Moe", "bjarne.moe@fjordmail.test", phone="+47 22 55 01 71"),
}

# Writes in a ticket, but no export has a row for this person.
UNKNOWN_AUTHOR = made_id("user", 99)
# Zendesk itself, where an automation speaks.
SYSTEM_AUTHOR = -1

MEMBERS: dict[str, tuple[str, ...]] = {
    "support": ("ingrid", "jonas"),
    "workshop": ("maryam",),
    "billing": ("sofie", "ingrid"),
    "night": ("jonas",),
}
# The first organization of a person is his default one.
ORGANIZATION_MEMBERS: dict[str, tuple[str, ...]] = {
    "lars": ("nord", "fjord"),
    "wei": ("yamaji",),
    "marie": ("lumiere",),
    "purchasing": ("brugge",),
    "siobhan": ("fjord",),
}


def person_id(name: str, /) -> int:
    """The id behind a short name; `system` and `unknown` have no user row."""
    if name == "system":
        return SYSTEM_AUTHOR
    if name == "unknown":
        return UNKNOWN_AUTHOR
    return int(PEOPLE[name]["id"])


def is_staff(name: str, /) -> bool:
    """Whether a short name works, or worked, at Halden Bikes."""
    return name in {"ingrid", "jonas", "maryam", "tomoko", "petter", "sofie"}
