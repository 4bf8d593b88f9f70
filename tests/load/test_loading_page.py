"""What docs/loading.md says of each failure is held by a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HELD = {
    "an answer is lost": "load/test_doubt_steps.py::test_what_was_made_is_found_and_taken_for_ours",
    "it is killed, at any instruction": "e2e/test_kill.py"
    "::test_killed_again_and_again_it_ends_as_if_it_had_run_once",
    "the power fails": "load/test_ledger.py::test_an_intent_is_durable_before_its_call",
    "Ctrl-C or `deskferry stop`": "load/test_stop.py"
    "::test_a_load_that_was_stopped_says_so_and_the_next_goes_on",
    "429": "load/test_retry_table.py::test_an_answer_means_what_the_table_says",
    "401 or 403": "e2e/test_errors.py::test_a_wrong_token_is_one_line_and_stands_nowhere",
    "nobody answers": "load/test_replay.py::test_nobody_there_is_one_line",
    "a record is refused": "load/test_replay.py"
    "::test_a_ticket_the_target_refuses_is_a_failed_row_in_its_words_and_the_run_goes_on",
    "the same refusal 25 times in a row, or too many in all": "load/test_replay.py"
    "::test_the_same_refusal_again_and_again_stops_the_run",
    "the ledger's disk runs full": "load/test_group_commit.py"
    "::test_a_full_disk_is_told_before_the_call_and_looked_at_once_a_second",
    "the ledger is lost": "load/test_rebuild.py::test_a_ledger_lost_half_way_ends_with_each_ticket_once",
    "a second loader on the same ledger": "load/test_replay.py"
    "::test_a_second_loader_is_refused_while_one_is_at_work",
    "dataset, mapping, templates or plan changed since the plan": "load/test_replay.py"
    "::test_changed_inputs_are_refused",
    "the workspace changed since the plan": "load/test_replay.py"
    "::test_drift_is_refused_before_anything_is_sent",
    "somebody made an attribute meanwhile": "load/test_replay.py"
    "::test_an_attribute_somebody_made_meanwhile_is_taken_over",
    "somebody merged a contact meanwhile": "load/test_moved_contact.py"
    "::test_what_is_left_goes_on_with_the_contact_it_was_merged_into",
    "somebody deleted a conversation meanwhile": "load/test_doubt_steps.py"
    "::test_what_is_left_of_a_conversation_that_somebody_deleted_is_a_failed_row",
    "others work on what was loaded": "load/test_tripwire.py"
    "::test_what_others_do_to_an_item_stops_the_run_and_is_named",
    "a ticket changed in Zendesk after its load": "load/test_replay.py"
    "::test_what_changed_since_is_reported_and_not_sent",
}


def test_each_failure_on_the_page_is_held_by_a_test() -> None:
    page = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
    table = page.partition("## When something happens")[2].partition("\n## ")[0]
    rows = set(re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)) - {"what"}
    assert rows == HELD.keys()
    for named in HELD.values():
        file, _, test = named.partition("::")
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), named
