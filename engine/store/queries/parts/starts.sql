-- Rows of runs, and those that start. Refused is what is `impossible`, and the start of a run that
-- exists, or whose case does.
heads as materialized (
    select *
    from unnest($13::int4[], $14::bool[], $15::uuid[], $16::text[], $17::int2[], $18::text[],
                $19::text[], $20::text[], $21::bytea[], $22::text[],
                $23::text[], $24::text[], $25::timestamptz[],
                $26::int8[], $27::timestamptz[], $28::timestamptz[],
                $29::uuid[], $30::uuid[])
        as heads(part, is_new, run_id, tenant, shard, status,
                 workflow, workflow_version, workflow_digest, case_id,
                 waits_code, waits_sentence, wake_at,
                 sequence, started_at, updated_at, parent_id, forked_from)
),
started as (
    insert into run (run_id, tenant, shard, status,
                     workflow, workflow_version, workflow_digest, case_id,
                     waits_code, waits_sentence, wake_at,
                     sequence, started_at, updated_at, parent_id, forked_from)
    select run_id, tenant, shard, status,
           workflow, workflow_version, workflow_digest, case_id,
           waits_code, waits_sentence, wake_at,
           sequence, started_at, updated_at, parent_id, forked_from
    from heads
    where is_new and part <> all ((select parts from impossible)::int4[])
    on conflict do nothing
    returning run_id
),
refused as materialized (
    select parts || array(
        select part
        from heads
        where is_new and part <> all (parts) and run_id not in (select run_id from started)
    ) as parts
    from impossible
),
