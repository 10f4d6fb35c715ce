-- A listener for every type has the type "". An event can then have the same key twice: for its own
-- type, and for every type.

alter table event_key drop constraint event_key_pkey;
alter table event_key add primary key (position, type, equals);
