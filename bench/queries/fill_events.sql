-- Histories of a year's business in a moment: $1 runs of 13 events each, with the bodies of a
-- workflow's runs ($2), started evenly over the last three weeks.
with body as (
    select sequence, kinds, body, tenant, chain
    from history
    where run_id = (select run_id from run where workflow = $2::text order by run_id limit 1)
),
run_of as (
    select (lpad(to_hex((extract(epoch from now() - interval '21 days' * (n::float8 / $1::int8))
                         * 1000)::int8), 12, '0')
            || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as id
    from generate_series(1, $1::int8) as n
)
insert into history (run_id, tenant, sequence, at, kinds, body, chain)
select run_of.id, body.tenant, body.sequence, now(), body.kinds, body.body, body.chain
from run_of cross join body
