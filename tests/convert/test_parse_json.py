import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskferry.convert.parse_json import parse

_KEYS = st.sampled_from(['"a"', '"b"', '"a:"', r'"\u0061"', r'"b\\"', r'"\u003a"', '":"'])
_BLANK = st.sampled_from(["", " ", "\n\t"])
_LEAVES = st.sampled_from(
    [
        *(
            "null",
            "true",
            "0",
            "-0",
            "-1.50",
            "1e5",
            "1E+2",
            '""',
            '"x"',
            '":"',
            '" : "',
            r'"\":"',
            r'"\u003a"',
        ),
        *("9223372036854775808", "-9223372036854775809", "123456789012345678901", "18446744073709551615"),
    ]
)


def _in_objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(_KEYS, _BLANK, _BLANK, values), max_size=3)
    return pairs.map(lambda held: "{" + ",".join(f"{k}{a}:{b}{v}" for k, a, b, v in held) + "}")


_TEXTS = _in_objects(
    st.recursive(
        _LEAVES, lambda inner: _in_objects(inner) | inner.map(lambda held: f"[{held}]"), max_leaves=6
    )
)


@given(_TEXTS)
def test_no_way_of_reading_loses_a_digit_or_one_of_two_equal_keys(text: str) -> None:
    doubled = 0

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal doubled
        doubled += len(pairs) - len(dict(pairs))
        return dict(pairs)

    whole = json.loads(text, object_pairs_hook=build)
    parsed = parse(text.encode())
    assert parsed.values == [(0, whole)]
    assert parsed.duplicates == doubled
    # 1e20 == 10**20: equal is not enough where digits count.
    assert repr(parsed.values[0][1]).replace("-0,", "0,") == repr(whole).replace("-0,", "0,")


def test_values_in_a_row_are_all_read_with_their_offsets() -> None:
    parsed = parse('{"a":"é"}{"b":2}\n [3]'.encode())
    assert parsed.values == [(0, {"a": "é"}), (10, {"b": 2}), (19, [3])]
    assert parsed.broken is None


def test_the_last_of_two_equal_keys_wins_and_is_counted() -> None:
    parsed = parse(b'{"a":1,"b":{"c":1,"c":2},"a":3}')
    assert parsed.values == [(0, {"a": 3, "b": {"c": 2}})]
    assert parsed.duplicates == 2


@pytest.mark.parametrize(
    ("text", "read", "replaced"),
    [
        (rb'{"a":"x\ud83dy"}', "x\ufffdy", 1),
        (rb'{"a":"\ude00\ud83d"}', "\ufffd\ufffd", 2),
        (rb'{"a":"\ud83d\ude00"}', "\U0001f600", 0),
        (rb'{"a":"\u0000"}', "\ufffd", 1),
        (b'{"a":"Malm\xf6"}', "Malm\ufffd", 1),
        ('{"a":"\ufffd is text"}'.encode(), "\ufffd is text", 0),
        ('{"a":"\u2028"}'.encode(), "\u2028", 0),
    ],
)
def test_text_that_is_none_is_replaced_and_counted(text: bytes, read: str, replaced: int) -> None:
    parsed = parse(text)
    assert parsed.values == [(0, {"a": read})]
    assert parsed.replaced == replaced


def test_integers_keep_each_digit() -> None:
    assert parse(b'{"a":123456789012345678901234567890}').values[0][1] == {
        "a": 123456789012345678901234567890
    }


@pytest.mark.parametrize("text", [b'{"a":nan}', b'{"a":1', b"{'a':1}", b"[" * 5000])
def test_what_is_no_json_is_said_and_raises_nothing(text: bytes) -> None:
    parsed = parse(text)
    assert parsed.values == []
    assert parsed.broken is not None


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e999", "-1E+400", "12345e678", "0." + "0" * 9 + "1e4000"]
)
def test_a_number_that_is_none_is_kept_as_text_and_counted(text: str) -> None:
    parsed = parse(f'{{"a":[{text}],"b":1e2}}'.encode())
    assert parsed.values == [(0, {"a": [text], "b": 100.0})]
    assert parsed.no_numbers == 1


def test_a_number_of_many_digits_is_kept() -> None:
    digits = "9" * 310
    assert parse(f'{{"a":{digits}.5,"b":{digits}}}'.encode()).values == [
        (0, {"a": f"{digits}.5", "b": int(digits)})
    ]


def test_what_stands_before_a_broken_value_is_read() -> None:
    parsed = parse(b'{"a":1}{"b":')
    assert parsed.values == [(0, {"a": 1})]
    assert parsed.broken is not None
    assert parsed.broken[0] == 7


def test_a_comma_too_many_is_no_damage_but_one_in_a_text_stays() -> None:
    assert parse(b'{"a":[1,2,],"b":",]",}').values == [(0, {"a": [1, 2], "b": ",]"})]
