-- Sets a run aside, unless the member ($1) that says so was declared dead. $2 run, $3 reason, $4
-- time, $5 bundle. Answers whether the member may write.
with alive as materialized (
    select member_id from member where member_id = $1::uuid and not fenced for share
),
noted as (
    insert into quarantine (run_id, tenant, reason, at, bundle)
    select run_id, tenant, $3::text, $4::timestamptz, nullif($5::text, '')
    from run, alive
    where run_id = $2::uuid
    on conflict (run_id) do nothing
),
tried as (
    delete from probation using alive where run_id = $2::uuid
),
marked as (
    update run
    set status = 'quarantined', waits_code = null, waits_sentence = $3::text, wake_at = null,
        updated_at = $4::timestamptz
    from alive
    where run_id = $2::uuid
)
select exists (select from alive)
