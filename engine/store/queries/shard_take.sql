update shard set member_id = $1::uuid, since = clock_timestamp() where shard = any ($2::int2[])
