-- Declares every other member dead whose lease is over.
update member set fenced = true
where not fenced and member_id <> $1::uuid and expires_at < clock_timestamp()
