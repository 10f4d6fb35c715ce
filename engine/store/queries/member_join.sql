-- $1 member, $2 name, $3 lease in microseconds, $4 writers
with joined as (
    insert into member (member_id, name, joined_at, expires_at)
    values ($1::uuid, $2::text, clock_timestamp(), clock_timestamp() + $3::int8 * interval '1 microsecond')
    returning member_id
)
insert into writer (member_id, ordinal)
select member_id, ordinal from joined, generate_series(0, $4::int4 - 1) ordinal
