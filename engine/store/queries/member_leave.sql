with freed as (
    update shard set member_id = null, since = clock_timestamp() where member_id = $1::uuid
),
silenced as (
    delete from writer where member_id = $1::uuid
),
gone as (
    delete from member where member_id = $1::uuid
)
select pg_notify('resolute_members', 'left')
