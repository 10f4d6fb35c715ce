-- A hundred rows in the inbox that are no messages, for runs of all shards.
insert into inbox (message_id, tenant, run_id, shard, content)
select gen_random_uuid(), 'default', gen_random_uuid(), turn % 256, 'no message'
from generate_series(1, 100) as turn
