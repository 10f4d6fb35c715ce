-- Gives up shards ($2) of a member ($1). Their runs did it no harm: what happens to it from now on
-- is none of their doing.
with freed as (
    update shard set member_id = null, since = clock_timestamp()
    where member_id = $1::uuid and shard = any ($2::int2[])
),
acquitted as (
    delete from probation where member_id = $1::uuid and shard = any ($2::int2[])
)
select pg_notify('resolute_members', 'released')
