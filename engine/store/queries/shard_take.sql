-- Takes shards from nobody or from the dead: $1 member, $2 shards, $3 whom each row named when we
-- looked, zeros for nobody. Another member may be doing the same: whoever comes second finds
-- another name in the row and leaves it. Nobody who is fenced takes any.
update shard set member_id = $1::uuid, since = clock_timestamp()
from unnest($2::int2[], $3::uuid[]) as seen(shard, member_id)
where shard.shard = seen.shard
  and coalesce(shard.member_id, '00000000-0000-0000-0000-000000000000') = seen.member_id
  and exists (select from member where member.member_id = $1::uuid and not member.fenced)
returning shard.shard
