import pytest

from deskferry.convert.parse_json import parse


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
