-- Gives waiting events to the steps that listen for them, the oldest to the one that waits longest,
-- at most one to each step. Held alone (events_unmatched.sql). Answers how many were given.
with fits as materialized (
    select event_in.position, event_in.content, listener.tenant, listener.run_id, listener.step,
           listener.slot, listener.shard, listener.since
    from listener join event_in using (tenant, type)
    where event_in.taken_by is null
      and (event_in.is_fresh or listener.is_fresh)
      and event_in.position <> all (listener.declined)
      and not exists (
          select from jsonb_array_elements(listener.equals) as wanted
          where (event_in.content::json
                 #> array(select jsonb_array_elements_text(wanted -> 0)))::jsonb
                is distinct from wanted -> 1)
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
served as (
    delete from listener using chosen
    where listener.run_id = chosen.run_id and listener.step = chosen.step
    returning chosen.position, chosen.run_id, chosen.step
),
taken as (
    update event_in set taken_by = given.run_id, taken_at = now(), is_fresh = false
    from (select distinct position, run_id from served) as given
    where event_in.position = given.position and event_in.taken_by is null
    returning event_in.position
),
letters as materialized (
    select gen_random_uuid() as message_id, chosen.*
    from chosen join taken using (position)
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
    select pg_notify('resolute_inbox', shard::text) from posted
),
-- Whoever fits nobody now is looked at again when somebody new comes. While something was given,
-- more may fit the next time.
aged as (
    update event_in set is_fresh = false
    where is_fresh and taken_by is null and not exists (select from fits)
),
settled as (
    update listener set is_fresh = false
    where is_fresh and not exists (select from fits)
)
select (select count(*) from taken), (select count(*) from told)
