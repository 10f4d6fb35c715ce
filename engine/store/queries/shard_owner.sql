-- Who owns a shard, dead or alive; no row when nobody does.
select member.member_id, member.name, member.joined_at, member.expires_at, member.fenced
from shard join member on member.member_id = shard.member_id
where shard.shard = $1::int2
