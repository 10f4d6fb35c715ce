-- Newest first, each with the event that asks. $1 tenant; $2 status, "" for any; $3 run, nil for
-- any; $4, $5 the last one of the page before; $6 limit
with page as (
    select *
    from approval
    where tenant = $1::text
      and ($2::text = '' or status = $2::text)
      and ($3::uuid = '00000000-0000-0000-0000-000000000000' or run_id = $3::uuid)
      and (requested_at, approval_id) < ($4::timestamptz, $5::uuid)
    order by requested_at desc, approval_id desc
    limit $6::int8
)
select approval_id, page.run_id, page.tenant, case_id, workflow, step, page.kind,
       status, digest, requested_at, expires_at, changed_at, asked_in,
       asked.sequence, asked.at, asked.kinds, asked.body, asked.chain
from page left join lateral (
         select asked.*
         from history asked
         where asked.run_id = page.run_id and asked.sequence <= asked_in
         order by asked.sequence desc limit 1) as asked on true
order by requested_at desc, approval_id desc
