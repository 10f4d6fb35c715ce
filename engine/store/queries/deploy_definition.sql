-- $1 tenant, $2 kind, $3 name, $4 digest, $5 time, $6 by whom. Writes and tells nobody when it is
-- in force already.
with deployed as (
    insert into deployment as now (tenant, kind, name, digest, at, set_by)
    values ($1::text, $2::text, $3::text, $4::bytea, $5::timestamptz, $6::text)
    on conflict (tenant, kind, name) do update
    set digest = excluded.digest, at = excluded.at, set_by = excluded.set_by
    where now.digest <> excluded.digest
    returning kind, name
)
select pg_notify('resolute_changes', 'definition ' || kind || ' ' || name) from deployed
