-- The rows of a history that hold certain events.
-- $1 run, $2 first event, $3 last event, $4 bytes of bodies after which no other row follows
select sequence, at, kinds, body, chain
from (select page.*,
             sum(octet_length(body)) over (order by sequence rows unbounded preceding)
                 - octet_length(body) as bytes_before
      from (select sequence, at, kinds, body, chain
            from history
            where run_id = $1::uuid and sequence <= $3::int8
              and sequence >= coalesce((select sequence from history
                                        where run_id = $1::uuid and sequence <= $2::int8
                                        order by sequence desc limit 1), 0)) as page) as weighed
where bytes_before < $4::int8
order by sequence
