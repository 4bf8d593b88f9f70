"""What a thread needs next."""

from deskferry.load.action import Action, Kind, Step
from deskferry.load.failures import AT_LEAST, IN_A_ROW, Failures
from deskferry.load.ledger_file import Row, State
from deskferry.load.thread import Blocked, Finished, Resolve, Send, next_action


def action(step: Step, part: int = 0, text: str = "x") -> Action:
    return Action(Kind.CONVERSATION, "7", step, part, "POST", "/conversations", {"body": text})


def row(of: Action, state: State) -> Row:
    return Row(
        of.kind, of.key, of.step, of.part, of.payload_hash, {}, "p", None, None, state, None, 1.0, None
    )


CREATE, NOTE, SECOND, CLOSE = (
    action(Step.CREATE),
    action(Step.NOTE, 1),
    action(Step.NOTE, 2),
    action(Step.CLOSE),
)
ALL = [CREATE, NOTE, SECOND, CLOSE]


def rows(*found: Row) -> dict[tuple[Step, int], Row]:
    return {(item.step, item.part): item for item in found}


def test_calls_are_made_in_order_each_once() -> None:
    assert next_action(ALL, {}) == Send(CREATE)
    done: list[Row] = []
    for made, following in zip(ALL, [*ALL[1:], None], strict=True):
        done.append(row(made, State.DONE))
        assert next_action(ALL, rows(*done)) == (Send(following) if following else Finished())


def test_nothing_follows_a_doubtful_or_failed_call() -> None:
    doubt, failed = row(NOTE, State.SENDING), row(NOTE, State.FAILED)
    assert next_action(ALL, rows(row(CREATE, State.DONE), doubt)) == Resolve(NOTE, doubt)
    assert next_action(ALL, rows(row(CREATE, State.DONE), failed)) == Blocked(failed)


def test_a_note_is_not_added_to_one_with_another_text() -> None:
    old = row(action(Step.NOTE, 1, "older"), State.DONE)
    assert next_action(ALL, rows(row(CREATE, State.DONE), old)) == Send(CLOSE)


def test_a_changed_opening_does_not_keep_the_rest_back() -> None:
    old = row(action(Step.CREATE, 0, "older"), State.DONE)
    assert next_action(ALL, rows(old)) == Send(NOTE)


def test_failures_of_one_code_in_a_row_stop_a_run_and_a_success_between_does_not() -> None:
    failures = Failures(None, threads=10_000)
    for _ in range(IN_A_ROW - 1):
        assert failures.failure("parameter_invalid") is None
    failures.success()
    for _ in range(IN_A_ROW - 1):
        assert failures.failure("parameter_invalid") is None
    assert (
        failures.failure("parameter_invalid")
        == f"{IN_A_ROW} failures of one kind in a row (parameter_invalid)"
    )


def test_too_large_a_share_stops_a_run_but_never_a_small_one() -> None:
    small, large = Failures(0.01, threads=50), Failures(None, threads=10_000)
    assert [small.failure("same") for _ in range(AT_LEAST)] == [None] * AT_LEAST
    assert [large.failure(str(number)) for number in range(100)] == [None] * 100
    stopped = "101 of 10,000 failed, more than --max-failures 1% (and more than 25)"
    assert large.failure("other") == stopped


def test_a_number_of_failures_is_meant_as_it_is_given() -> None:
    failures = Failures(2, threads=10)
    assert [failures.failure("same"), failures.failure("same")] == [None, None]
    assert failures.failure("same") == "3 failed, more than --max-failures 2"
    assert Failures(0, threads=10).failure("same") == "1 failed, more than --max-failures 0"
