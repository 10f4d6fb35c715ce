-- What a bare client writes to: the columns and the key of the event table, and nothing around it.
drop table if exists bare_event;
create table bare_event (like event including constraints including indexes);
