-- Who has a place under the key that a run waits for: the first of its own tenant, and how many in
-- all; and when the key is looked at again by itself.
-- $1 run
select (select place.run_id from place
        where place.key = wait.key and place.tenant = wait.tenant
        order by given_at, run_id
        limit 1),
       (select count(*) from place where place.key = wait.key),
       (select min(due) from place_look where place_look.key = wait.key)
from place_wait wait
where wait.run_id = $1::uuid
