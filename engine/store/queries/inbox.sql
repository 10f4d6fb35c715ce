-- What is for a run that was set aside waits until it is released.
select message_id, content
from inbox
where consumed_at is null and refused is null and shard = any ($1::int2[])
  and not exists (select from quarantine where quarantine.run_id = inbox.run_id offset 0)
order by position
limit $2::int8
