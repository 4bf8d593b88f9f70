-- title: Words about health
-- group: risk
-- severity: DECIDE
-- says: {count:comment has|comments have} words about health
-- advice: Health is a special category of personal data: ask whether these tickets may be moved at all
-- count: comments with a word such as diagnosis, prescription, pregnant; an estimate
-- examples: ticket numbers
select count(*) as count, list(distinct ticket_id order by ticket_id)[:10] as examples
from comments
where regexp_matches(
    coalesce(plain_body, body),
    '(?i)\b(diagnos(is|ed|e)|prescriptions?|medications?|chemotherapy|cancer|diabetes|epilep(sy|tic)|hiv|pregnan(t|cy)'
    || '|disabilit(y|ies)|depression|allerg(y|ies|ic)|krankheit|diagnose|schwanger(schaft)?|behinderung|medikamente?'
    || '|maladie|enceinte|ordonnance|embarazada|enfermedad)\b'
)
