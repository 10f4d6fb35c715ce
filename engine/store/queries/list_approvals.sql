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
\ir parts/asked.sql
order by requested_at desc, approval_id desc
