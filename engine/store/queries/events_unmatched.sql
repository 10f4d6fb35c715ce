-- Whether an event or a listener came that nobody has looked at, whether a place may be free under
-- some key; and the lock of whoever looks.
select case when is_fresh or may_be_free then pg_try_advisory_lock(7238001) else false end,
       is_fresh, may_be_free
from (select exists (select from event_in where is_fresh and taken_by is null)
             or exists (select from listener_look) as is_fresh,
             exists (select from place_look where due <= now()) as may_be_free) as of
