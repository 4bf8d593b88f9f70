"""A user's own templates: in effect, in the digest, and wrong in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deskferry.schemas.errors import InputError
from deskferry.templates.history import History
from deskferry.templates.render import Templates

_OURS = Path(__file__).parents[2] / "templates" / "opening.txt"


def test_a_file_of_ours_is_replaced_and_the_rest_stays(tmp_path: Path, whole: History) -> None:
    (tmp_path / "transcript_message.html").write_text("<p>{{ message.author.name }}</p>")
    (tmp_path / ".DS_Store").write_bytes(b"\x00")
    notes = Templates(tmp_path).transcript_notes(whole, limit=10_000)
    assert notes[0].endswith("<p>Bob</p>\n<p>Zendesk system</p>\n<p>Ana Ópez</p>")
    assert Templates(tmp_path).transcript_text(whole) == Templates().transcript_text(whole)


def test_the_digest_covers_texts_not_places(tmp_path: Path) -> None:
    ours = Templates().digest
    assert Templates(tmp_path).digest == ours
    (tmp_path / "opening.txt").write_text("Ticket {{ ticket_id }}")
    changed = Templates(tmp_path).digest
    assert changed != ours
    moved = tmp_path.parent / "moved"
    tmp_path.rename(moved)
    assert Templates(moved).digest == changed


def test_a_file_we_do_not_know_is_refused_with_those_we_do(tmp_path: Path) -> None:
    (tmp_path / "transcrpt.html").write_text("x")
    with pytest.raises(
        InputError, match=r"transcrpt.html: no template of this name.*transcript_message.html"
    ):
        Templates(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of templates"):
        Templates(tmp_path / "absent")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no folder of templates"):
        Templates(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "opening.txt").mkdir()
    with pytest.raises(InputError, match=r"opening.txt: cannot be read"):
        Templates(tmp_path / "folder")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("ok\n{% if %}", 2, "Expected an expression"),
        ("ok\n\n{{ ticket }}", 3, "unknown name 'ticket'"),
        ("{{ message.subjct }}", 1, "has no attribute 'subjct'"),
        ("\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        ("\n{{ message.__class__ }}", 2, "unsafe"),
        ("{{ message.text.__init__.__globals__ }}", 1, "unsafe"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 1, "loops more"),
        ("{{ 'x'|replace('', 'x' * 90000) }}", 1, "repeats to more than"),
        ("{{ ('x' * 90000)|join('x' * 90000) }}", 1, "repeats to more than"),
        ("{{ 'x'.replace('x', 'xx') }}", 1, "unsafe"),
        ("{{ ['x'|attr('format')] }}", 1, "No filter named 'attr'"),
        ("{{ range(9999999) }}", 1, "Range too big"),
        ("{{ 'x' * 999999999 }}", 1, "repeats to more than"),
        ("{{ 9 ** 99999999 }}", 1, "power"),
        ("{{ '%999999999d' % 1 }}", 1, "not offered"),
        ("{{ 'x'.center(999999999) }}", 1, "unsafe"),
        ("{{ '{:999999999}'.format(1) }}", 1, "unsafe"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "recursion"),
        ("{{ 1 // 0 }}", 1, "zero"),
        ("{{ message.text|nofilter }}", 1, "No filter named 'nofilter'"),
        ("{{ [1, 2]|random }}", 1, "No filter named 'random'"),
        ("{% include 'other.html' %}", 1, "other.html"),
        ("{% include '../../../etc/passwd' %}", 1, "passwd"),
        ("{{ cycler.__init__ }}", 1, "unsafe"),
        ("\n{{ history.messages.append(1) }}", 2, "no attribute 'append'"),
    ],
)
def test_what_is_wrong_in_a_template_is_one_line_with_its_place(
    tmp_path: Path, whole: History, text: str, line: int, said: str
) -> None:
    path = tmp_path / "transcript_message.html"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        Templates(tmp_path).transcript_notes(whole, limit=10_000)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
        "{{ " + "1+" * 9000 + "1 }}",
    ],
    ids=["brackets", "blocks", "sums"],
)
def test_a_template_nested_without_end_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "opening.txt").write_text(text)
    with pytest.raises(InputError, match=r"opening.txt: nested too deeply"):
        Templates(tmp_path)


def test_a_template_saved_by_an_editor_that_marks_its_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_bytes(b"\xef\xbb\xbf" + _OURS.read_bytes())
    assert Templates(tmp_path).digest == Templates().digest


def test_a_template_that_does_not_stop_writing_is_stopped(tmp_path: Path, whole: History) -> None:
    path = tmp_path / "transcript.txt"
    path.write_text("{% for a in range(99999) %}{{ 'x' * 900 }}{% endfor %}")
    with pytest.raises(InputError, match=r"transcript.txt: makes more than [0-9,]+ characters"):
        Templates(tmp_path).transcript_text(whole)


def test_an_unsafe_template_gives_safe_html_all_the_same(
    tmp_path: Path, history: Callable[..., History], message: Callable[..., object]
) -> None:
    (tmp_path / "transcript_message.html").write_text("<script>x()</script>{{ message.html|safe }}")
    hostile = message(html="<img src=x onerror=alert(1)><script>alert(2)</script>words")
    note = Templates(tmp_path).transcript_notes(history(hostile), limit=10_000)[0]
    assert "script" not in note
    assert "onerror" not in note
    assert "words" in note


def test_templates_that_leave_no_room_are_refused(tmp_path: Path, whole: History) -> None:
    (tmp_path / "transcript.html").write_text(
        f"<p>{'word ' * 400}</p>{{% for b in blocks %}}{{{{ b }}}}{{% endfor %}}"
    )
    with pytest.raises(InputError, match="leaves too little room"):
        Templates(tmp_path).transcript_notes(whole, limit=2000)
