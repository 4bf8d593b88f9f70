-- The hosts under which the account's help centers are reached.
select distinct lower(host) as host
from (
    select regexp_extract(brand_url, '^https?://([^/]+)', 1) as host from brands
    union all
    select regexp_replace(trim(host_mapping), '^https?://|/.*$', '', 'g') from brands
    union all
    select subdomain || '.zendesk.com' from brands
)
where coalesce(host, '') <> ''
order by host;
