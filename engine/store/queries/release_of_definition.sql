-- Gives runs that were set aside for want of a definition ($1) back to their owners, who find them
-- due. $2 time
with released as (
    update run
    set status = 'waiting', waits_code = 'released',
        waits_sentence = 'to be resumed: its definition is there now',
        wake_at = $2::timestamptz, updated_at = $2::timestamptz
    where status = 'quarantined' and workflow_digest = $1::bytea
      and waits_sentence like 'its definition%'
    returning run_id
),
forgotten as (
    delete from quarantine using released where quarantine.run_id = released.run_id
)
select run_id from released
