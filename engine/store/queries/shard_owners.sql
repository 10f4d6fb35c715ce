-- Who owns each shard, by its row, and whether that member is alive.
select shard.shard, shard.member_id, member.member_id is not null
from shard left join member on member.member_id = shard.member_id and not member.fenced
order by shard.shard
