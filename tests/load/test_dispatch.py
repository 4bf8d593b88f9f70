"""Who goes next: nobody before what he needs, and memory for what is under way alone."""

from deskferry.load.action import Kind, Ref
from deskferry.load.backlog import Left
from deskferry.load.dispatch import ROOM, SHORT, Dispatcher, Job
from deskferry.load.thread import Thread
from deskferry.load.waiting import Why, told

ANNA, BEN = Ref(Kind.CONTACT, "1"), Ref(Kind.CONTACT, "2")


class Desk:
    """A dispatcher, what stands, and the time."""

    def __init__(self) -> None:
        self.now, self.made = 100.0, set[Ref]()
        self.dispatcher = Dispatcher(capacity=4, stands=lambda ref: ref in self.made, clock=lambda: self.now)

    def job(self, ref: Ref, *needs: Ref) -> Job:
        return Job(Left(1, ref.kind, ref.key, None), Thread(ref.kind, ref.key, ()), needs)

    def take(self) -> Ref | None:
        job = self.dispatcher.take()
        return None if job is None else job.ref


def ticket(number: int) -> Ref:
    return Ref(Kind.CONVERSATION, str(number))


def test_what_is_needed_comes_first_and_lets_the_others_go() -> None:
    desk = Desk()
    anna = desk.job(ANNA)
    desk.dispatcher.offer(anna)
    assert desk.dispatcher.hold(desk.job(ticket(1), ANNA), ANNA)
    assert desk.dispatcher.hold(desk.job(ticket(2), ticket(1)), ticket(1)), "held ones are waited for too"
    assert desk.take() == ANNA
    assert desk.take() is None
    desk.made.add(ANNA)
    desk.dispatcher.ended(anna)
    assert desk.take() == ticket(1)
    assert not desk.dispatcher.hold(desk.job(ticket(3), ANNA), ANNA), "it has ended"


def test_what_needs_something_that_failed_is_handed_back() -> None:
    desk = Desk()
    anna = desk.job(ANNA)
    desk.dispatcher.offer(anna)
    desk.dispatcher.hold(desk.job(ticket(1), ANNA), ANNA)
    desk.dispatcher.take()
    desk.dispatcher.ended(anna)
    (loose,) = desk.dispatcher.take_loose()
    assert loose.ref == ticket(1)
    desk.dispatcher.drop(loose)
    assert desk.dispatcher.idle()


def test_what_waits_for_its_time_takes_what_needs_it_along() -> None:
    desk = Desk()
    anna = desk.job(ANNA)
    desk.dispatcher.offer(anna)
    desk.dispatcher.hold(desk.job(ticket(1), ANNA), ANNA)
    desk.dispatcher.hold(desk.job(ticket(2), ticket(1)), ticket(1))
    desk.dispatcher.take()
    desk.dispatcher.park(anna, desk.now + 5, Why.REPLIES)
    assert told(desk.dispatcher.parked()) == "1 waiting for the limit of replies"
    aside = [(one.left.key, one.until, one.why) for one in desk.dispatcher.take_aside()]
    assert aside == [("1", 105.0, Why.NEED), ("2", 105.0, Why.NEED)]
    assert desk.dispatcher.parked_until(ANNA) == 105.0
    assert desk.take() is None
    desk.now = 105.0
    assert desk.take() == ANNA
    assert desk.dispatcher.parked_until(ANNA) is None


def test_long_waits_and_many_of_them_leave_the_memory() -> None:
    desk = Desk()

    def park(number: int, seconds: float) -> None:
        job = desk.job(ticket(number))
        desk.dispatcher.offer(job)
        desk.dispatcher.take()
        desk.dispatcher.park(job, desk.now + seconds, Why.DOUBT)

    park(0, SHORT + 1)
    assert [one.left.key for one in desk.dispatcher.take_aside()] == ["0"]
    for number in range(1, 10_000):
        park(number, 1.0)
    assert desk.dispatcher.parked() == {Why.DOUBT: ROOM}
    assert len(desk.dispatcher.take_aside()) == 10_000 - 1 - ROOM
