-- Runs start and change their rows. A part is taken when it is not `impossible`, and a start when
-- neither its run nor its case exists.
heads as materialized (
    select *
    from unnest($15::int4[], $16::bool[], $17::uuid[], $18::text[], $19::int2[], $20::text[],
                $21::text[], $22::text[], $23::bytea[], $24::text[],
                $25::text[], $26::text[], $27::timestamptz[],
                $28::int8[], $29::bytea[], $30::timestamptz[], $31::timestamptz[],
                $32::uuid[], $33::uuid[])
        as heads(part, is_new, run_id, tenant, shard, status,
                 workflow, workflow_version, workflow_digest, case_id,
                 waits_code, waits_sentence, wake_at,
                 sequence, head, started_at, updated_at, parent_id, forked_from)
),
started as (
    insert into run (run_id, tenant, shard, status,
                     workflow, workflow_version, workflow_digest, case_id,
                     waits_code, waits_sentence, wake_at,
                     sequence, head, started_at, updated_at, parent_id, forked_from)
    select run_id, tenant, shard, status,
           workflow, workflow_version, workflow_digest, case_id,
           waits_code, waits_sentence, wake_at,
           sequence, head, started_at, updated_at, parent_id, forked_from
    from heads
    where is_new and part <> all ((select parts from impossible)::int4[])
    on conflict do nothing
    returning run_id
),
verdict as materialized (
    select array(
        select part.ordinal <> all (parts)
           and (part.sequence is distinct from 0
                or part.run_id in (select run_id from started))
        from unnest($5::uuid[], $6::int8[]) with ordinality as part(run_id, sequence, ordinal)
        order by part.ordinal) as taken
    from impossible
),
moved as (
    update run
    set status = heads.status,
        workflow_version = heads.workflow_version, workflow_digest = heads.workflow_digest,
        waits_code = heads.waits_code, waits_sentence = heads.waits_sentence,
        wake_at = heads.wake_at,
        sequence = heads.sequence, head = heads.head, updated_at = heads.updated_at
    from heads
    where not heads.is_new and (select taken from verdict)[heads.part]
      and run.run_id = heads.run_id and run.status <> 'quarantined'
),
