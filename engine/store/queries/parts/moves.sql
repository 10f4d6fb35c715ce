-- Runs change their rows.
moved as (
    update run
    set status = heads.status,
        workflow_version = heads.workflow_version, workflow_digest = heads.workflow_digest,
        waits_code = heads.waits_code, waits_sentence = heads.waits_sentence,
        wake_at = heads.wake_at,
        sequence = heads.sequence, updated_at = heads.updated_at
    from heads
    where not heads.is_new and heads.part <> all ((select parts from refused)::int4[])
      and run.run_id = any (array[heads.run_id]) and run.status <> 'quarantined'
),
