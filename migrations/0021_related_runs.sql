-- Runs are found by the run whose step started them, and by the one whose beginning they share.
-- Neither column changes, and most runs have neither: both indexes stay small.

alter table run add column parent_id uuid, add column forked_from uuid;

-- Of the runs that are there, from their first events. An escaped NUL, which `json` refuses to
-- take apart, stands in no id.
update run
set parent_id = (first.fact -> 'parent' ->> 'run')::uuid,
    forked_from = (first.fact -> 'forked' ->> 'run')::uuid
from (select run_id, replace(convert_from(body, 'UTF8'), '\u0000', '\u0001')::json as fact
      from event
      where sequence = 1
        and (position('"parent":'::bytea in body) > 0 or position('"forked":'::bytea in body) > 0)
     ) as first
where first.run_id = run.run_id;

create index run_children on run (parent_id, run_id) where parent_id is not null;
create index run_forks on run (forked_from, run_id) where forked_from is not null;
