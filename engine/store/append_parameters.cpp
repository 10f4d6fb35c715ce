#include "engine/store/append_parameters.h"

#include <algorithm>

#include "engine/names.h"
#include "engine/shard_of.h"

namespace resolute::store {
namespace {

using Parts = std::vector<Part const*>;

std::string_view view(Digest const& digest) { return digest.view(); }

// Columns are named in the order of the statement's parameters.
template <class... Columns>
void append_to(Parameters& parameters, Columns&... columns) {
    (parameters.array(std::move(columns)), ...);
}

void add_or_null(Array& column, std::optional<RunId> const& run) {
    run ? column.add_uuid(run->value) : column.add_null();
}

enum class Numbered { no, yes };  // whether the first column says which part a row is of

void add_events(Parameters& parameters, Parts const& parts, Numbered numbered) {
    Array number(Type::int4), run(Type::uuid), tenant(Type::text), sequence(Type::int8),
        at(Type::time), kinds(Type::bytes), body(Type::bytes), chain(Type::bytes);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const* prepared = parts[i]->prepared_rows();
        auto const rows = prepared ? std::vector<HistoryRow>() : packed(parts[i]->stored_events());
        for (auto const& row : prepared ? *prepared : rows) {
            number.add_integer(static_cast<std::int64_t>(i) + 1);
            run.add_uuid(parts[i]->run.value);
            tenant.add_text(parts[i]->tenant);
            sequence.add_integer(static_cast<std::int64_t>(row.sequence));
            at.add_time(row.at);
            kinds.add_text(row.kinds);
            body.add_text(row.body);
            chain.add_text(view(row.chain));
        }
    }
    if (numbered == Numbered::yes) append_to(parameters, number);
    append_to(parameters, run, tenant, sequence, at, kinds, body, chain);
}

void add_rows(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), is_new(Type::boolean), run(Type::uuid), tenant(Type::text),
        shard(Type::int2), status(Type::text), workflow(Type::text), version(Type::text),
        digest(Type::bytes), case_id(Type::text), waits_code(Type::text),
        waits_sentence(Type::text), wake_at(Type::time), sequence(Type::int8),
        started_at(Type::time), updated_at(Type::time), parent(Type::uuid), origin(Type::uuid);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i]->row) order.push_back(i);
    // Committers that insert the same cases in the same order wait for each other and never
    // deadlock.
    std::ranges::sort(order, {}, [&](std::size_t i) {
        return std::pair(std::string_view(parts[i]->row->case_id), i);
    });
    for (auto const i : order) {
        auto const& row = *parts[i]->row;
        number.add_integer(static_cast<std::int64_t>(i) + 1);
        is_new.add_boolean(parts[i]->is_start());
        run.add_uuid(row.run.value);
        tenant.add_text(row.tenant);
        shard.add_integer(row.shard);
        status.add_text(name(row.status));
        workflow.add_text(row.workflow.name);
        version.add_text(row.workflow.version);
        digest.add_text(view(row.workflow.digest));
        case_id.add_text_or_null(row.case_id);
        waits_code.add_text_or_null(row.waits_code);
        waits_sentence.add_text_or_null(row.waits_sentence);
        wake_at.add(row.wake_at);
        sequence.add_integer(static_cast<std::int64_t>(row.sequence));
        started_at.add_time(row.started_at);
        updated_at.add_time(row.updated_at);
        add_or_null(parent, row.parent);
        add_or_null(origin, row.forked_from);
    }
    append_to(parameters, number, is_new, run, tenant, shard, status, workflow, version, digest,
              case_id, waits_code, waits_sentence, wake_at, sequence, started_at, updated_at,
              parent, origin);
}

void add_approvals(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), comes_from(Type::text), approval(Type::uuid), tenant(Type::text),
        run(Type::uuid), case_id(Type::text), workflow(Type::text), step(Type::text),
        kind(Type::text), status(Type::text), digest(Type::bytes), asked_in(Type::int8),
        requested_at(Type::time), expires_at(Type::time), changed_at(Type::time);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const& change : parts[i]->approvals) {
            auto const& row = *change.last;
            number.add_integer(static_cast<std::int64_t>(i) + 1);
            comes_from.add_text_or_null(states_before(change.first->status));
            approval.add_uuid(row.approval.value);
            tenant.add_text(row.tenant);
            run.add_uuid(row.run.value);
            case_id.add_text_or_null(row.case_id);
            workflow.add_text(row.workflow);
            step.add_text(row.step.path);
            kind.add_text(name(row.kind));
            status.add_text(name(row.status));
            digest.add_text(view(row.digest));
            asked_in.add_integer(static_cast<std::int64_t>(change.first->asked_in));
            requested_at.add_time(row.requested_at);
            expires_at.add(row.expires_at);
            changed_at.add_time(row.changed_at);
        }
    }
    append_to(parameters, number, comes_from, approval, tenant, run, case_id, workflow, step, kind,
              status, digest, asked_in, requested_at, expires_at, changed_at);
}

void add_decisions(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), approval(Type::uuid), tenant(Type::text), run(Type::uuid),
        decision_id(Type::text), decision(Type::text), by(Type::text), comment(Type::text),
        refused(Type::text), at(Type::time);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const* append : parts[i]->appends) {
            for (auto const& row : append->decisions) {
                number.add_integer(static_cast<std::int64_t>(i) + 1);
                approval.add_uuid(row.approval.value);
                tenant.add_text(row.tenant);
                run.add_uuid(row.run.value);
                decision_id.add_text_or_null(row.decision_id);
                decision.add_text(row.decision);
                by.add_text(row.by);
                comment.add_text(row.comment);
                refused.add_text_or_null(row.refused);
                at.add_time(row.at);
            }
        }
    }
    append_to(parameters, number, approval, tenant, run, decision_id, decision, by, comment,
              refused, at);
}

void add_unresolved(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), resolved(Type::boolean), run(Type::uuid), step(Type::text),
        tenant(Type::text), target(Type::text), key(Type::text), attempt(Type::int4),
        verifications(Type::int4), verify_at(Type::time), since(Type::time);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const* row : parts[i]->unresolved) {
            number.add_integer(static_cast<std::int64_t>(i) + 1);
            resolved.add_boolean(row->resolved);
            run.add_uuid(row->run.value);
            step.add_text(row->step.path);
            tenant.add_text(row->tenant);
            target.add_text(row->target);
            key.add_text(row->key);
            attempt.add_integer(row->attempt);
            verifications.add_integer(row->verifications);
            verify_at.add(row->verify_at);
            since.add_time(row->since);
        }
    }
    append_to(parameters, number, resolved, run, step, tenant, target, key, attempt, verifications,
              verify_at, since);
}

void add_consumed(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), message(Type::uuid);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const* append : parts[i]->appends) {
            for (auto const& id : append->consumed) {
                number.add_integer(static_cast<std::int64_t>(i) + 1);
                message.add_uuid(id.value);
            }
        }
    }
    append_to(parameters, number, message);
}

void add_posted(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), message(Type::uuid), tenant(Type::text), run(Type::uuid),
        shard(Type::int2), content(Type::text);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const* append : parts[i]->appends) {
            for (auto const& posted : append->posted) {
                number.add_integer(static_cast<std::int64_t>(i) + 1);
                message.add_uuid(posted.id.value);
                tenant.add_text(append->tenant);
                run.add_uuid(posted.run.value);
                shard.add_integer(shard_of(posted.run));
                content.add_text(to_text(to_json(posted)));
            }
        }
    }
    append_to(parameters, number, message, tenant, run, shard, content);
}

void add_event_changes(Parameters& parameters, Parts const& parts) {
    Array number(Type::int4), what(Type::text), tenant(Type::text), run(Type::uuid),
        shard(Type::int2), step(Type::text), content(Type::text);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const* append : parts[i]->appends) {
            for (auto const& change : append->events_changed) {
                number.add_integer(static_cast<std::int64_t>(i) + 1);
                what.add_text(name(change.kind));
                tenant.add_text(append->tenant);
                run.add_uuid(append->run.value);
                shard.add_integer(append->shard);
                step.add_text(change.step.path);
                content.add_text(change.content.text());
            }
        }
    }
    append_to(parameters, number, what, tenant, run, shard, step, content);
}

void add_blobs(Parameters& parameters, Parts const& parts, KnownBlobs const& known) {
    Array number(Type::int4), run(Type::uuid), tenant(Type::text), digest(Type::bytes),
        content(Type::text);
    KnownBlobs here;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (auto const& [event, apart] : parts[i]->apart) {
            for (auto const& blob : apart.values) {
                auto const name = std::pair(parts[i]->run, blob.digest);
                if (known.contains(name) || !here.insert(name).second) continue;
                number.add_integer(static_cast<std::int64_t>(i) + 1);
                run.add_uuid(parts[i]->run.value);
                tenant.add_text(parts[i]->tenant);
                digest.add_text(view(blob.digest));
                content.add_text(blob.content);
            }
        }
    }
    append_to(parameters, number, run, tenant, digest, content);
}

Parameters begin(Writing const& writing) {
    Parameters parameters;
    parameters.uuid(writing.member).int2(writing.ordinal).int8(writing.epoch).int8(writing.batch);
    return parameters;
}

}  // namespace

Parameters append_events_parameters(Writing const& writing, Parts const& parts) {
    auto parameters = begin(writing);
    add_events(parameters, parts, Numbered::no);
    return parameters;
}

Parameters append_runs_parameters(Writing const& writing, Parts const& parts) {
    auto parameters = begin(writing);
    add_events(parameters, parts, Numbered::yes);
    add_rows(parameters, parts);
    return parameters;
}

Parameters append_all_parameters(Writing const& writing, Parts const& parts,
                                 KnownBlobs const& known) {
    auto parameters = append_runs_parameters(writing, parts);
    add_approvals(parameters, parts);
    add_decisions(parameters, parts);
    add_unresolved(parameters, parts);
    add_consumed(parameters, parts);
    add_posted(parameters, parts);
    add_event_changes(parameters, parts);
    add_blobs(parameters, parts, known);
    return parameters;
}

}  // namespace resolute::store
