-- $1 run, $2 after this sequence, $3 most events, $4 bytes of bodies after which no other follows
select sequence, at, kind, body, chain
from (select page.*,
             sum(octet_length(body)) over (order by sequence rows unbounded preceding)
                 - octet_length(body) as bytes_before
      from (select sequence, at, kind, body, chain
            from event
            where run_id = $1::uuid and sequence > $2::int8
            order by sequence
            limit $3::int8) as page) as weighed
where bytes_before < $4::int8
order by sequence
