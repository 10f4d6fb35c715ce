-- Declares every other member dead whose lease is over, and fences its writers: waits for batches
-- that are being committed right now; later ones of these members write nothing. Members are locked
-- in order, so that two who do this at once wait for each other instead of dying of it.
with expired as (
    select member_id from member
    where not fenced and member_id <> $1::uuid and expires_at < clock_timestamp()
    order by member_id
    for update
),
dead as (
    update member set fenced = true from expired
    where member.member_id = expired.member_id and not member.fenced
    returning member.member_id
),
silenced as (
    update writer set fenced = true from dead
    where writer.member_id = dead.member_id and not writer.fenced
)
select member_id from dead
