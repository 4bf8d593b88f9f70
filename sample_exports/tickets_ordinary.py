"""Ordinary tickets: phrases chosen by the seed, as most of an export is."""

from datetime import timedelta

from .company import at, number_of, pick
from .story import Said, Story
from .texts import answer_of, note_of, opening_of, thanks_of, thing_of

_CUSTOMERS = ("anna", "zoe", "emil", "marie", "siobhan", "noa")
_TOPICS = (None, "delivery", "invoice", "parts__battery")
_FIRST_DAY = at("2024-03-04 08:00:00")


def ordinary(number: int) -> Story:
    """The ordinary ticket of that number."""
    name = str(number)
    customer = pick(f"{name}/customer", _CUSTOMERS)
    said = [Said(by=customer, text=opening_of(name)), Said(by="jonas", text=answer_of(name))]
    if number_of(f"{name}/note", 2):
        said.append(Said(by="maryam", text=note_of(name), public=False))
    said.append(Said(by=customer, text=thanks_of(name)))
    started = _FIRST_DAY + timedelta(days=(number - 53) * 80, minutes=number_of(f"{name}/minute", 5000))
    topic = pick(f"{name}/topic", _TOPICS)
    return Story(
        id=number,
        by=customer,
        subject=f"Question about my {thing_of(name)}",
        started=started.strftime("%Y-%m-%d %H:%M:%S"),
        said=tuple(said),
        status=pick(f"{name}/status", ("closed", "closed", "solved")),
        channel=pick(f"{name}/channel", ("email", "email", "web")),
        priority=pick(f"{name}/priority", (None, "normal", "low")),
        kind=pick(f"{name}/kind", (None, "question")),
        fields={"topic": topic} if topic else {},
    )


# The order of numbers is not the order of time: these were imported from an older helpdesk.
STORIES: tuple[Story, ...] = tuple(ordinary(number) for number in range(53, 61))
