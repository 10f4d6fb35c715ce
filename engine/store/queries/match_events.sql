-- Gives waiting events to the steps that listen for them, the oldest to the one that waits longest,
-- at most one to each step. Only keys that have a new event or a new listener are looked at; within
-- a key the n-th event goes to the n-th listener. Held alone (events_unmatched.sql), after
-- key_events.sql. Answers how many were given, and whether anything was new.
-- $1 most of each key that are looked at, $2 new events that have their keys, $3 looks at new
-- listeners, whose shapes are known
--
-- Of events that are looked up by their position it is asked afterwards whether they are open: an
-- index of the open ones would be read for each.
with new_events as materialized (
    select position
    from unnest($2::text::int8[]) as wanted(position)
    cross join lateral (select is_fresh, taken_by from event_in
                        where event_in.position = wanted.position
                        offset 0) as event
    where event.is_fresh and event.taken_by is null
),
new_listeners as materialized (
    select look, tenant, type, key
    from (select position as look, unnest(runs) as run_id from listener_look
          where position = any ($3::text::int8[])) as new
    join listener on listener.run_id = any (array[new.run_id])
),
new_keys as materialized (
    select new_events.position, tenant, type, key
    from new_events
    cross join lateral (select tenant, type, key from event_key
                        where event_key.position = new_events.position
                        offset 0) as of
),
keys as materialized (
    select tenant, type, key from new_keys
    union
    select tenant, type, key from new_listeners
),
pairs as (
    select keys.*, event.position, listener.run_id, listener.step, listener.slot,
           listener.shard, listener.since
    from keys
    cross join lateral (
        select position, equals,
               row_number() over (partition by equals order by position) as nth
        from (select position, equals from event_key
              where (tenant, type, key) = (keys.tenant, keys.type, keys.key)
              order by +position
              limit $1::int4) as oldest
    ) as event
    join lateral (
        select run_id, step, slot, shard, since, equals,
               row_number() over (partition by equals order by since, run_id, step, slot) as nth
        from (select run_id, step, slot, shard, since, equals from listener
              where (tenant, type, key) = (keys.tenant, keys.type, keys.key) and declined = '{}'
              order by since, run_id, step, slot
              limit $1::int4) as longest
    ) as listener using (equals, nth)
    union all
    -- Who has declined events has a choice of its own.
    select keys.*, event.position, listener.run_id, listener.step, listener.slot,
           listener.shard, listener.since
    from keys
    cross join lateral (
        select run_id, step, slot, shard, since, equals, declined from listener
        where (tenant, type, key) = (keys.tenant, keys.type, keys.key) and declined <> '{}'
        offset 0
    ) as listener
    cross join lateral (
        select position from event_key
        where (tenant, type, key) = (keys.tenant, keys.type, keys.key)
          and event_key.equals = listener.equals and position <> all (listener.declined)
        order by +position
        limit 1
    ) as event
),
fits as materialized (
    select pairs.*, event.content
    from pairs
    cross join lateral (select content, taken_by from event_in
                        where event_in.position = pairs.position
                        offset 0) as event
    where event.taken_by is null
),
-- Each event once and each step once; what is left over is for the next time.
ranked as materialized (
    select fits.*,
           row_number() over (partition by position order by since, run_id, step, slot) as nth_step,
           row_number() over (partition by run_id, step order by position, slot) as nth_event
    from fits
),
chosen as materialized (
    select * from ranked where nth_step = 1 and nth_event = 1
),
-- All rows of a step, each of which names what the step gets.
served as (
    delete from listener using chosen
    where listener.run_id = any (array[chosen.run_id]) and listener.step = chosen.step
    returning chosen.position, chosen.tenant, chosen.run_id, chosen.step, chosen.slot,
              chosen.shard, chosen.content
),
letters as materialized (
    select distinct on (position) gen_random_uuid() as message_id, served.*
    from served
    order by position
),
taken as (
    update event_in set taken_by = letters.run_id, taken_at = now(), is_fresh = false
    from letters
    where event_in.position = any (array[letters.position])
    returning event_in.position
),
unkeyed as (
    delete from event_key where position = any (array(select position from letters))
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select message_id, tenant, run_id, shard,
           json_build_object('kind', 'event', 'id', message_id, 'run', run_id, 'step', step,
                             'slot', slot, 'position', position::text,
                             'event', content::json)::text
    from letters
    order by position
    returning shard
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from (select distinct shard from posted) as of
),
-- Whoever fits nobody now is looked at again when somebody new comes. While something of its key
-- was given, more may fit the next time. (`is true` keeps the planner, which knows nothing of how
-- many these are, from comparing each with each.)
aged as (
    update event_in set is_fresh = false
    from (select position from new_events
          where position not in (select position from new_keys
                                 where ((tenant, type, key)
                                        in (select tenant, type, key from fits)) is true)
         ) as idle
    where event_in.position = any (array[idle.position])
),
settled as (
    delete from listener_look
    where position = any ($3::text::int8[])
      and position not in (select look from new_listeners
                           where ((tenant, type, key)
                                  in (select tenant, type, key from fits)) is true)
)
select (select count(*) from taken),
       exists (select from new_events) or $3::text <> '{}',
       (select count(*) from told)
