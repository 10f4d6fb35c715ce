with freed as (
    update shard set member_id = null, since = clock_timestamp() where member_id = $1::uuid
),
silenced as (
    delete from writer where member_id = $1::uuid
)
delete from member where member_id = $1::uuid
