"""HTML made harmless, readable, comparable."""

import html as entities
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deskferry.templates.clean import canonical_html, canonical_text, clean_html, escape_text, text_of


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="cid:x">x</a>',
        '<a href=" JaVaScRiPt:alert(1)">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<div onclick="alert(1)" style="background:url(javascript:alert(1))">x</div>',
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<iframe src="https://evil.example"></iframe>',
        "<object data=x></object><embed src=x><form action=x><input name=y></form>",
        "<style>@import 'https://evil.example'</style>",
        '<base href="https://evil.example"><link rel=stylesheet href=x><meta http-equiv=refresh content=0>',
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        '<img src="https://t.example/a.png"><picture><source srcset="https://t.example/b.png"></picture>',
        '<video poster="https://t.example/p.png"></video><audio src="https://t.example/a.mp3"></audio>',
    ],
)
def test_nothing_active_and_nothing_remote_survives(hostile: str) -> None:
    cleaned = clean_html(hostile).lower()
    for trace in (
        "<script",
        "javascript:",
        "onerror",
        "onload",
        "onclick",
        "<img",
        "style=",
        "src=",
        "<iframe",
    ):
        assert trace not in cleaned
    for trace in ("cid:", "<form", "<input", "<svg", "<link", "<meta", "<base", "poster", "data:", "@import"):
        assert trace not in cleaned


def test_links_to_the_web_and_to_mailboxes_stay_and_others_lose_their_address() -> None:
    cleaned = clean_html(
        '<a href="https://a.example/?x=1&amp;y=2">one</a> <a href="mailto:b@c.example">two</a> '
        '<a href="/agent/tickets/1">three</a> <a href="//evil.example">four</a> <a href="tel:1">five</a>'
    )
    assert cleaned == (
        '<a href="https://a.example/?x=1&amp;y=2" rel="noopener noreferrer">one</a> '
        '<a href="mailto:b@c.example" rel="noopener noreferrer">two</a> '
        '<a rel="noopener noreferrer">three</a> <a rel="noopener noreferrer">four</a> '
        '<a rel="noopener noreferrer">five</a>'
    )


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ('<img src="https://a.example/x.png" alt="A <b> graph">', "[image: A &lt;b&gt; graph]"),
        (
            '<img src="https://a.zendesk.example/attachments/token/t/?name=photo+1.png">',
            "[image: photo 1.png]",
        ),
        ('<img src="https://a.example/dir/logo.gif" alt=" ">', "[image: logo.gif]"),
        ('<img src="cid:image001.jpg@01DA">', "[image: image001.jpg]"),
        ('<img src="https://a.example/my%20cat.gif">', "[image: my cat.gif]"),
        ('<img src="data:image/png;base64,AAAA" alt="inline">', "[image: inline]"),
        ('<img src="http://[broken">', "[image]"),
        ('<img src="https://t.example/o.gif" width="1" height="1">', ""),
        ('<img src="https://t.example/o.gif" width="1" height="1" alt="read me">', "[image: read me]"),
    ],
)
def test_an_image_becomes_its_name(image: str, text: str) -> None:
    assert clean_html(f"<p>a{image}b</p>") == f"<p>a{text}b</p>"


@given(st.text(alphabet="ab <>/=\"'&;#!-pimgscrthef:\n\xa0é", max_size=60))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing_more(html: str) -> None:
    once = clean_html(html)
    assert clean_html(once) == once


def test_deep_nesting_and_endless_tags_take_no_time_and_keep_their_words() -> None:
    began = time.perf_counter()
    for hostile in (
        "<div>" * 200_000 + "word",
        "<a " * 300_000 + "> word",
        "&amp;" + "amp;" * 200_000 + " word",
    ):
        assert "word" in text_of(hostile)
        assert canonical_html(hostile).endswith("word")
    assert time.perf_counter() - began < 20


def test_text_of_html_reads_as_people_read_it() -> None:
    html = (
        "<div>Hello&nbsp;<b>you</b>,<br>second   line</div><p>para</p><ul><li>one</li><li>two</li></ul>"
        "<blockquote>said<blockquote>before</blockquote></blockquote>"
        "<table><tr><td>a</td><td>b</td></tr></table><pre>x\n  y</pre>"
        'see <a href="https://a.example">this</a> '
        '<a href="https://b.example">https://b.example</a> <a href="mailto:c@d.example">c@d.example</a>'
    )
    assert text_of(html) == (
        "Hello\xa0you,\nsecond line\n\npara\n\n- one\n- two\n\n> said\n>\n> > before\n\na | b\n\nx\n  y\n\n"
        "see this (https://a.example) https://b.example c@d.example"
    )


@example(">")
@given(st.text(max_size=200).filter(lambda text: not set(text) & set("\x00\r")))
@settings(max_examples=200, deadline=None)
def test_text_comes_back_from_html_with_every_character_that_is_no_blank(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert "".join(text_of(escape_text(text)).split()) == "".join(text.split())


@given(st.text(alphabet="ab <>&;lt#gtamp/", max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_text_and_its_html_compare_as_equal(text: str) -> None:
    as_html = f"<p>{entities.escape(text)}</p>"
    assert canonical_html(as_html) == canonical_text(text)
    assert canonical_html(clean_html(as_html)) == canonical_text(text)


def test_texts_that_differ_in_a_word_do_not_compare_as_equal() -> None:
    assert canonical_html("<p>We refund 10</p>") != canonical_text("We refund 100")
    assert canonical_html("<p>if a &lt;b&gt; c</p>") != canonical_text("if a c")
    assert canonical_text("e\u0301") == canonical_text("é")
