-- Gives the places that are free to the runs that wait for them. Tenants take turns: the one that
-- holds fewest under the key, then the one that was served longest ago; within a tenant by
-- priority, then whoever waits longest. Held alone (events_unmatched.sql).
-- $1 most that are given under one key at once, $2 most keys that are looked at
-- Answers how many were given, and whether any key is left to be looked at now.
with recursive looked as (
    delete from place_look
    where ctid = any (array(select ctid from place_look
                            where due <= now()
                            order by due
                            limit $2::int8))
    returning key
),
-- What the run that came last says of its key holds for all: a new version of the workflow changes
-- the limit at once.
rooms as materialized (
    select keys.key, terms.many is not null as is_rated, terms.per_ms, terms.begun,
           least($1::int8, terms.most - (select count(*) from place where place.key = keys.key),
                 terms.many - terms.begun) as room
    from (select distinct key from looked) as keys
    cross join lateral (
        select most, many, per_ms,
               (select count(*) from place_begun
                where place_begun.key = keys.key
                  and at > now() - last.per_ms * interval '1 millisecond') as begun
        from (select most, many, per_ms from place_wait wait
              where wait.key = keys.key
              order by since desc, run_id desc
              limit 1) as last
    ) as terms
),
tenants as (
    select key, (select wait.tenant from place_wait wait where wait.key = rooms.key
                 order by wait.tenant limit 1) as tenant
    from rooms where room > 0
    union all
    select key, (select wait.tenant from place_wait wait
                 where wait.key = tenants.key and wait.tenant > tenants.tenant
                 order by wait.tenant limit 1)
    from tenants where tenant is not null
),
ranked as materialized (
    select rooms.key, rooms.room, next.run_id,
           row_number() over (
               partition by rooms.key
               order by next.nth + held.places, turn.given_at nulls first, next.since, next.run_id
           ) as nth
    from rooms
    join tenants on tenants.key = rooms.key and tenants.tenant is not null
    cross join lateral (
        select count(*) as places from place
        where place.key = rooms.key and place.tenant = tenants.tenant
    ) as held
    left join lateral (
        select given_at from place_turn
        where (key, tenant) = (rooms.key, tenants.tenant)
        offset 0
    ) as turn on true
    cross join lateral (
        select first.*, row_number() over (order by priority desc, since, run_id) as nth
        from (select run_id, priority, since from place_wait wait
              where wait.key = rooms.key and wait.tenant = tenants.tenant
              order by priority desc, since, run_id
              limit rooms.room) as first
    ) as next
),
served as (
    delete from place_wait
    where run_id = any (array(select run_id from ranked where nth <= room))
    returning key, run_id, tenant, shard, slot, many
),
placed as (
    insert into place (run_id, key, tenant, given_at)
    select run_id, key, tenant, now() from served
    on conflict do nothing
),
turned as (
    insert into place_turn (key, tenant, given_at)
    select distinct key, tenant, now() from served
    on conflict (key, tenant) do update set given_at = excluded.given_at
),
begun as (
    insert into place_begun (key, at)
    select key, now() from served where many is not null
),
-- Whoever is left over is looked at again: at once where more were free than are given at once, and
-- when the oldest of the beginnings that fill a rate is counted no longer.
again as (
    insert into place_look (key, due)
    select key, case when room = $1::int8 then now() else opens_at end
    from rooms
    cross join lateral (
        select coalesce(min(at), now()) + rooms.per_ms * interval '1 millisecond' as opens_at
        from place_begun
        where place_begun.key = rooms.key and at > now() - rooms.per_ms * interval '1 millisecond'
    ) as counted
    where room = $1::int8 or is_rated
    returning due
),
letters as materialized (
    select gen_random_uuid() as message_id, served.* from served
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select message_id, tenant, run_id, shard,
           json_build_object('kind', 'event', 'id', message_id, 'run', run_id, 'step', '',
                             'slot', slot, 'position', '0',
                             'event', json_build_object('key', key))::text
    from letters
    returning shard
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from (select distinct shard from posted) as of
)
select (select count(*) from served),
       (select count(*) from looked) = $2::int8 or exists (select from again where due <= now()),
       (select count(*) from told)
