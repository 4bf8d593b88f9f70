-- is_card_number: whether a text is a payment card's number: 13 to 19 digits, blanks and hyphens between them
-- left out, that begin as a card's does (2 to 6) and pass the checksum of ISO/IEC 7812 (Luhn). From the right,
-- every second digit counts twice, of 10 and more the two digits' sum; all in all they make a multiple of 10.
create macro luhn_sum(reversed) as
    list_sum(try_cast(string_split(regexp_replace(reversed, '(.).?', '\1', 'g'), '') as int[]))
    + list_sum(try_cast(
        string_split(translate(regexp_replace(reversed, '.(.?)', '\1', 'g'), '0123456789', '0246813579'), '') as int[]
    ));

create macro is_card_number(number) as
    coalesce(
        regexp_full_match(
            replace(replace(number, ' ', ''), '-', ''), '(3[0-9]{12,18}|[4-6][0-9]{12,18}|2[2-7][0-9]{14})'
        )
        and luhn_sum(reverse(replace(replace(number, ' ', ''), '-', ''))) % 10 = 0,
        false
    );
