-- Gives a run that was set aside back to its owner, who finds it due. $1 run, $2 time
with released as (
    update run
    set status = 'waiting', waits_code = 'released',
        waits_sentence = 'to be resumed: it was released from quarantine',
        wake_at = $2::timestamptz, updated_at = $2::timestamptz
    where run_id = $1::uuid and status = 'quarantined'
    returning run_id
),
forgotten as (
    delete from quarantine using released where quarantine.run_id = released.run_id
)
select run_id from released
