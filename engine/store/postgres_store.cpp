#include "engine/store/postgres_store.h"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/corrupt_history.h"
#include "engine/store/append_parameters.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"
#include "engine/store/schema.h"

namespace resolute::store {
namespace {

// Two statements met at one row; the next try sees what the other one wrote.
bool is_conflict(std::string_view sqlstate) {
    return sqlstate == "23505" || sqlstate == "40001" || sqlstate == "40P01";
}

// A value that the tables refuse: no further try can help.
bool is_refusal_of_data(std::string_view sqlstate) {
    return sqlstate.starts_with("22") || sqlstate.starts_with("23");
}

// The least statement that can write it: what one could write and does not costs the server time
// all the same (docs/performance.md).
Rows send_batch(Connection& connection, Writing const& writing,
                std::vector<Part const*> const& parts, KnownBlobs const& known) {
    auto needs = Part::Needs::events;  // also of none: the fence answers
    for (auto const* part : parts) needs = std::max(needs, part->needs());
    switch (needs) {
        case Part::Needs::events:
            return connection.run(queries::append_events, append_events_parameters(writing, parts));
        case Part::Needs::starts:
            return connection.run(queries::append_starts, append_runs_parameters(writing, parts));
        case Part::Needs::runs:
            return connection.run(queries::append_runs, append_runs_parameters(writing, parts));
        case Part::Needs::everything: break;
    }
    return connection.run(queries::append_all, append_all_parameters(writing, parts, known));
}

// Positions counted from 1, separated by spaces.
std::vector<std::size_t> parse_positions(std::string_view text) {
    std::vector<std::size_t> positions;
    auto const* at = text.data();
    auto const* const end = text.data() + text.size();
    while (at < end) {
        std::size_t position = 0;
        at = std::from_chars(at, end, position).ptr + 1;
        positions.push_back(position - 1);
    }
    return positions;
}

}  // namespace

Connection& PostgresStore::connected() {
    if (connection_) return *connection_;
    known_blobs_.clear();
    ends_.clear();
    connection_.emplace(ConnectionOptions{
        .url = options_.url,
        .application = options_.writer < 0 ? "resolute reader"
                                           : "resolute writer " + std::to_string(options_.writer),
        .plans = ConnectionOptions::Plans::fixed});
    try {
        check_schema(*connection_);
        if (options_.writer >= 0) claim_writer();
    } catch (...) {
        connection_.reset();
        throw;
    }
    return *connection_;
}

// From here on no statement of an earlier connection can commit: either it holds the row, then this
// waits for it, or it finds another epoch.
void PostgresStore::claim_writer() {
    auto const claimed = connection_->run(
        queries::claim_writer,
        Parameters().uuid(options_.member.value).int2(static_cast<std::int16_t>(options_.writer)));
    if (claimed.empty()) throw Fenced();
    epoch_ = claimed.at(0, 0).integer();
    batch_ = claimed.at(0, 1).integer();
}

Rows PostgresStore::read(Query const& query, Parameters const& parameters) {
    bool const fresh = !connection_;
    try {
        return connected().run(query, parameters);
    } catch (ConnectionLost const&) {
        connection_.reset();
        if (fresh) throw;
    }
    return connected().run(query, parameters);
}

std::vector<AppendVerdict> PostgresStore::append(std::vector<Append> const& appends) {
    if (options_.writer < 0) throw std::logic_error("this store only reads");
    if (appends.empty()) return {};
    auto const batch = take_apart(appends);
    Parts parts;
    parts.reserve(batch.parts.size());
    for (auto const& part : batch.parts) parts.push_back(&part);
    auto const verdicts = write(parts);
    std::vector<AppendVerdict> answers;
    answers.reserve(appends.size());
    for (auto const& part : batch.part_of)
        answers.push_back(part ? verdicts[*part] : AppendVerdict(Stale{}));
    return answers;
}

void PostgresStore::prepare(Append& append) const {
    std::vector<StoredEvent> events;
    events.reserve(append.events.size());
    for (auto const& event : append.events) {
        if (event.body.size() >= limits::blob_bytes) return;  // may leave values apart
        events.push_back({&event, event.body});
    }
    append.rows = packed(events);
}

std::vector<AppendVerdict> PostgresStore::write(Parts const& parts) {
    for (int attempt = 1;; ++attempt) {
        bool const last = attempt == limits::append_attempts;
        try {
            return write_once(parts);
        } catch (ConnectionLost const& error) {
            connection_.reset();  // the next try settles what became of this one
            if (last) throw;
            log::warn(std::string("batch in doubt: ") + error.what());
        } catch (StatementRefused const& error) {
            ends_.clear();  // somebody else may have gone on from one of them
            if (is_conflict(error.sqlstate) && !last) continue;
            if (!is_refusal_of_data(error.sqlstate)) throw;
            if (parts.size() == 1) return {Unstorable{error.what()}};
            return write_one_by_one(parts);
        }
    }
}

// One append carries what the tables refuse; it must not take its neighbours with it.
std::vector<AppendVerdict> PostgresStore::write_one_by_one(Parts const& parts) {
    std::vector<AppendVerdict> verdicts;
    for (auto const* part : parts) verdicts.push_back(write({part}).front());
    return verdicts;
}

std::vector<AppendVerdict> PostgresStore::write_once(Parts const& parts) {
    auto& connection = connected();
    learn_ends(parts);
    Parts sent;
    std::vector<std::size_t> places, refused;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!follows(*parts[i])) {
            refused.push_back(i);
            continue;
        }
        sent.push_back(parts[i]);
        places.push_back(i);
    }
    Writing const writing{options_.member.value, static_cast<std::int16_t>(options_.writer), epoch_,
                          ++batch_};
    RESOLUTE_CUTPOINT("commit.sending", ::shutdown(connection.socket(), SHUT_RDWR));
    auto const answer = send_batch(connection, writing, sent, known_blobs_);
    RESOLUTE_CUTPOINT("commit.answered", throw ConnectionLost("cut off by a test"));
    if (answer.empty()) throw Fenced();
    std::vector<AppendVerdict> verdicts(parts.size(), Committed{});
    for (auto const position : parse_positions(answer.at(0, 0).view()))
        refused.push_back(places[position]);
    if (!refused.empty()) explain(parts, refused, verdicts);
    keep_in_mind(parts, refused);
    return verdicts;
}

// Asks for the ends of the histories that parts go on from, as far as they are not known.
void PostgresStore::learn_ends(Parts const& parts) {
    Array run(Type::uuid), sequence(Type::int8);
    std::vector<RunId> wanted;
    for (auto const* part : parts) {
        if (follows(*part)) continue;
        ends_.erase(part->run);
        wanted.push_back(part->run);
        run.add_uuid(part->run.value);
        sequence.add_integer(static_cast<std::int64_t>(part->after->sequence));
    }
    if (wanted.empty()) return;
    auto const ends = connection_->run(queries::ends_of, Parameters().array(run).array(sequence));
    for (std::size_t row = 0; row < ends.size(); ++row)
        ends_.insert_or_assign(
            wanted[static_cast<std::size_t>(ends.at(row, 0).integer()) - 1],
            Head{static_cast<std::uint64_t>(ends.at(row, 1).integer()), ends.at(row, 2).digest()});
}

// A start follows nothing: its row is refused when the run exists.
bool PostgresStore::follows(Part const& part) const {
    if (!part.after || part.is_start()) return true;
    auto const known = ends_.find(part.run);
    return known != ends_.end() && known->second == *part.after;
}

// Where histories end that go on soon; and large values, so that a payload that goes from step to
// step is sent with the first of its events only. Of what was refused nothing is known, even if it
// turned out to be stored: more may have been written with it.
void PostgresStore::keep_in_mind(Parts const& parts, std::vector<std::size_t> const& refused) {
    for (auto const i : refused) ends_.erase(parts[i]->run);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (std::ranges::find(refused, i) != refused.end()) continue;
        auto const& part = *parts[i];
        if (part.row && part.row->status != RunRow::Status::running)
            ends_.erase(part.run);
        else if (!part.events.empty())
            ends_.insert_or_assign(part.run,
                                   Head{part.events.back()->sequence, part.events.back()->chain});
        for (auto const& [event, apart] : part.apart)
            for (auto const& blob : apart.values) known_blobs_.emplace(part.run, blob.digest);
    }
    if (known_blobs_.size() > limits::known_blobs) known_blobs_.clear();
    if (ends_.size() > limits::known_ends) ends_.clear();
}

// Whether a row holds the very event: the chain covers everything before it. It is not always the
// row's last one, because what was sent again may have come in other batches than at first.
bool PostgresStore::holds(RunId run, HistoryRow const& row, EncodedEvent const& wanted) {
    if (row.last() == wanted.sequence) return row.chain == wanted.chain;
    try {
        return std::ranges::any_of(unpacked(run, row), [&](EncodedEvent const& event) {
            return event.sequence == wanted.sequence && event.chain == wanted.chain;
        });
    } catch (CorruptHistory const&) {
        return false;  // whoever loads the run because of this finds the same, and sets it aside
    }
}

// Why the store refused these: they are in it already, their case has another run, or they are
// stale.
void PostgresStore::explain(Parts const& parts, std::vector<std::size_t> const& refused,
                            std::vector<AppendVerdict>& verdicts) {
    Array run(Type::uuid), sequence(Type::int8);
    Array start_run(Type::uuid), tenant(Type::text), case_id(Type::text), workflow(Type::text);
    std::vector<std::size_t> starts;
    for (auto const i : refused) {
        verdicts[i] = Stale{};
        auto const& part = *parts[i];
        run.add_uuid(part.run.value);
        sequence.add_integer(
            part.events.empty() ? 0 : static_cast<std::int64_t>(part.events.back()->sequence));
        if (!part.is_start() || part.row->case_id.empty()) continue;
        starts.push_back(i);
        start_run.add_uuid(part.run.value);
        tenant.add_text(part.row->tenant);
        case_id.add_text(part.row->case_id);
        workflow.add_text(part.row->workflow.name);
    }
    auto const stored =
        connection_->run(queries::stored_already, Parameters().array(run).array(sequence));
    for (std::size_t row = 0; row < stored.size(); ++row) {
        auto const i = refused[static_cast<std::size_t>(stored.at(row, 5).integer()) - 1];
        if (holds(parts[i]->run, history_row_at(stored, row), *parts[i]->events.back()))
            verdicts[i] = Committed{};
    }
    if (starts.empty()) return;
    auto const owners = connection_->run(
        queries::case_owner,
        Parameters().array(start_run).array(tenant).array(case_id).array(workflow));
    for (std::size_t row = 0; row < owners.size(); ++row)
        verdicts[starts[static_cast<std::size_t>(owners.at(row, 0).integer()) - 1]] =
            CaseTaken{RunId{owners.at(row, 1).uuid()}};
}

}  // namespace resolute::store
