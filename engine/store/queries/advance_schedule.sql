-- Moves a schedule on, and starts its runs, when nobody else has moved it and the member lives.
-- $1 member; zero: a person's change, which the owner is told of
-- $2 schedule, $3 revision, $4 next look or null, $5, $6 latest event, $7 state
-- $8..$12 messages: id, tenant, run, shard, content
with alive as materialized (
    select from member where member_id = $1::uuid and not fenced for share
),
moved as (
    update schedule
    set next_at = ($4::timestamptz[])[1], heard_transaction = $5::text::xid8,
        heard_position = $6::int8, state = $7::text::jsonb, revision = revision + 1
    where schedule_id = $2::uuid and revision = $3::int8
      and ($1::uuid = '00000000-0000-0000-0000-000000000000' or exists (select from alive))
    returning schedule_id
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select letter.message_id, letter.tenant, letter.run_id, letter.shard, letter.content
    from unnest($8::uuid[], $9::text[], $10::uuid[], $11::int2[], $12::text[])
        as letter(message_id, tenant, run_id, shard, content)
    where exists (select from moved)
    on conflict (message_id) do nothing
    returning shard
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from posted
    union all
    select pg_notify('resolute_schedules', schedule_id::text) from moved
    where $1::uuid = '00000000-0000-0000-0000-000000000000'
)
select (select count(*) from moved) > 0, (select count(*) from told)
