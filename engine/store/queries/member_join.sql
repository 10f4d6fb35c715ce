-- Harmless to repeat. $1 member, $2 name, $3 lease in microseconds, $4 writers
with joined as (
    insert into member (member_id, name, joined_at, expires_at)
    values ($1::uuid, $2::text, clock_timestamp(),
        clock_timestamp() + $3::int8 * interval '1 microsecond')
    on conflict do nothing
),
writing as (
    insert into writer (member_id, ordinal)
    select $1::uuid, ordinal from generate_series(0, $4::int4 - 1) ordinal
    on conflict do nothing
)
select pg_notify('resolute_members', 'joined')
