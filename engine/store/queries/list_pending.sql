-- What waits for a person, oldest first, each with the event that asks. $1 tenant; $2 run, nil for
-- any; $3, $4 the last one of the page before; $5 limit
with page as (
    select *
    from approval
    where tenant = $1::text
      and status = 'pending'
      and ($2::uuid = '00000000-0000-0000-0000-000000000000' or run_id = $2::uuid)
      and (requested_at, approval_id) > ($3::timestamptz, $4::uuid)
    order by requested_at, approval_id
    limit $5::int8
)
select approval_id, page.run_id, page.tenant, case_id, workflow, step, page.kind,
       status, digest, requested_at, expires_at, changed_at, asked_in,
       asked.sequence, asked.at, asked.kinds, asked.body, asked.chain
from page left join lateral (
         select asked.*
         from history asked
         where asked.run_id = page.run_id and asked.sequence <= asked_in
         order by asked.sequence desc limit 1) as asked on true
order by requested_at, approval_id
