-- Puts a definition in force, and with a workflow its schedule. Writes and tells nobody when both
-- are already.
-- $1 tenant, $2 kind, $3 name, $4 digest, $5 time, $6 by whom
-- $7 schedule; zero: of no workflow, $8 its shard, $9 whether there is one, $10 types of its events
with deployed as (
    insert into deployment as now (tenant, kind, name, digest, at, set_by)
    values ($1::text, $2::text, $3::text, $4::bytea, $5::timestamptz, $6::text)
    on conflict (tenant, kind, name) do update
    set digest = excluded.digest, at = excluded.at, set_by = excluded.set_by
    where now.digest <> excluded.digest
    returning kind, name
),
scheduled as (
    insert into schedule as now (schedule_id, tenant, shard, workflow, workflow_version,
                                 workflow_digest, event_types, published_at, next_at)
    select $7::uuid, $1::text, $8::int2, $3::text, version, $4::bytea, $10::text[],
           $5::timestamptz, $5::timestamptz
    from definition
    where $9::bool and tenant = $1::text and kind = $2::text and name = $3::text
      and digest = $4::bytea
    on conflict (schedule_id) do update
    set workflow_version = excluded.workflow_version, workflow_digest = excluded.workflow_digest,
        event_types = excluded.event_types, published_at = excluded.published_at,
        next_at = excluded.next_at, revision = now.revision + 1
    where now.workflow_digest <> excluded.workflow_digest
    returning schedule_id
),
ended as (
    delete from schedule where schedule_id = $7::uuid and not $9::bool
)
select pg_notify('resolute_changes', 'definition ' || kind || ' ' || name) from deployed
union all
select pg_notify('resolute_schedules', schedule_id::text) from scheduled
