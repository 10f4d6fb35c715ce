-- The card of an approval is in the event that asks for it, and was here a second time: half of
-- what a run that waits for a person cost. The row now says which event it is.

alter table approval add column asked_in bigint check (asked_in > 0);

-- 21: approval_requested. The id is new when it is asked, so only that event can hold it like this.
update approval
set asked_in = event.sequence
from event
where event.run_id = approval.run_id and event.kind = 21
  and position('"approval":"' || approval.approval_id || '"'
               in convert_from(event.body, 'UTF8')) > 0;

alter table approval drop column card;
