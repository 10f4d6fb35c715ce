with freed as (
    update shard set member_id = null, since = clock_timestamp()
    where member_id = $1::uuid and shard = any ($2::int2[])
)
select pg_notify('resolute_members', 'released')
