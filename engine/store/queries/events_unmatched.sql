-- Whether an event or a listener came that nobody has looked at; and the lock of whoever looks.
select case when exists (select from event_in where is_fresh and taken_by is null)
              or exists (select from listener where is_fresh)
            then pg_try_advisory_lock(7238001) else false end
