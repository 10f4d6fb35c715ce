select message_id, content
from inbox
where consumed_at is null and refused is null and shard = any ($1::int2[])
order by position
limit $2::int8
