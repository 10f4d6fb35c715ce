-- What people were asked, and what they answered. The history of the run is the truth; these rows
-- are written by the same append and are what an inbox of approvals is read from.

create table approval (
    approval_id  uuid primary key,
    tenant       text not null,
    run_id       uuid not null,
    case_id      text,
    workflow     text not null,
    step         text not null,
    kind         text not null check (kind in ('tool', 'question', 'resolution')),
    status       text not null
        check (status in ('pending', 'approved', 'rejected', 'answered', 'expired', 'revoked',
                          'consumed')),
    digest       bytea not null check (octet_length(digest) = 32),
    card         text not null,                   -- JSON, as shown; never changes
    requested_at timestamptz not null,
    expires_at   timestamptz,
    changed_at   timestamptz not null,
    consumed_at  timestamptz,
    constraint approval_consumed_once
        check ((status = 'consumed') = (consumed_at is not null))
) with (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.05
);
create index approval_pending on approval (tenant, requested_at, approval_id)
    where status = 'pending';
create index approval_all on approval (tenant, requested_at desc, approval_id desc);
create index approval_run on approval (run_id);

create table approval_decision (
    position    bigint generated always as identity primary key,
    approval_id uuid not null,
    tenant      text not null,
    run_id      uuid not null,
    decision_id text,                             -- the caller's; none for most refused answers
    decision    text not null,
    decided_by  text not null,
    comment     text not null,
    refused     text,                             -- why it was not taken; none when it was
    at          timestamptz not null
);
create unique index approval_decision_once on approval_decision (approval_id, decision_id)
    where refused is null and decision_id is not null;
create index approval_decision_of on approval_decision (approval_id, position);
