-- Workflows, tools, policies, servers and projects: immutable, named by their digest.

create table definition (
    tenant       text not null,
    kind         text not null check (kind <> ''),
    name         text not null check (name <> ''),
    version      text not null,
    digest       bytea not null check (octet_length(digest) = 32),
    body         text not null,
    published_at timestamptz not null,
    published_by text not null,
    primary key (tenant, kind, digest, name)
);
create index definition_name on definition (tenant, kind, name, published_at desc);

-- Which of them is in force.
create table deployment (
    tenant text not null,
    kind   text not null,
    name   text not null,
    digest bytea not null check (octet_length(digest) = 32),
    at     timestamptz not null,
    set_by text not null,
    primary key (tenant, kind, name),
    foreign key (tenant, kind, digest, name) references definition
) with (fillfactor = 80);
