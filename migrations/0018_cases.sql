-- The record of each case, and what every step did to it. An entry is never edited: its id comes
-- from the step's key, so a step that is sent again finds that it was carried out, and what it
-- answered.

create table case_record (
    tenant     text not null,
    case_id    text not null check (case_id <> ''),
    status     text not null check (status in ('open', 'closed')),
    record     jsonb not null,
    opened_at  timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant, case_id)
) with (fillfactor = 80);

create table case_entry (
    entry_id uuid primary key,
    ordinal  bigint generated always as identity,
    tenant   text not null,
    case_id  text not null,
    op       text not null check (op in ('open', 'assign', 'note', 'close')),
    says     jsonb not null,                     -- what the step was asked to do
    record   jsonb not null,                     -- the case after it
    run_id   uuid not null,
    step     text not null,
    workflow text not null,
    at       timestamptz not null
);

create index case_entry_of_case on case_entry (tenant, case_id, ordinal);
