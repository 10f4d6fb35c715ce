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
\ir parts/asked.sql
order by requested_at, approval_id
