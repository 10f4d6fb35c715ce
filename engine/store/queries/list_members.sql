select member.member_id, member.name, member.joined_at, member.expires_at, member.fenced,
       count(shard.shard)
from member left join shard using (member_id)
group by member.member_id
order by member.joined_at
