update shard set member_id = null, since = clock_timestamp()
where member_id = $1::uuid and shard = any ($2::int2[])
