-- Who owns a shard, and how long its lease is good for; no row when nobody does.
select member.name, member.expires_at, member.fenced
from shard join member on member.member_id = shard.member_id
where shard.shard = $1::int2
