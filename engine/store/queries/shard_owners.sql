-- Who owns each shard; none when it is free or its owner is dead.
select shard.shard, member.member_id
from shard left join member on member.member_id = shard.member_id and not member.fenced
order by shard.shard
