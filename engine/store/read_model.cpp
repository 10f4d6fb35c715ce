#include "engine/store/read_model.h"

#include <algorithm>
#include <limits>

#include "base/limits.h"
#include "base/log.h"
#include "engine/corrupt_history.h"
#include "engine/names.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"

namespace resolute::store {
namespace {

constexpr std::size_t case_entries_shown = 50;

template <class E>
E named(Cell const& cell) {
    auto const value = parse_name<E>(cell.view());
    if (!value) throw CorruptHistory("the database holds the unknown word `" + cell.text() + "`");
    return *value;
}

Uuid last_uuid() {
    Uuid uuid;
    uuid.fill(0xff);
    return uuid;
}

// One more than is shown, to know whether a page follows.
std::int64_t asked(std::size_t limit) {
    return static_cast<std::int64_t>(std::min(limit, limits::list_page)) + 1;
}

// Without its card.
ApprovalRow approval_row_at(Rows const& rows, std::size_t row) {
    auto cell = [&](std::size_t column) { return rows.at(row, column); };
    return {.approval = ApprovalId{cell(0).uuid()},
            .run = RunId{cell(1).uuid()},
            .tenant = cell(2).text(),
            .case_id = cell(3).text(),
            .workflow = cell(4).text(),
            .step = {cell(5).text()},
            .kind = named<ApprovalKind>(cell(6)),
            .status = named<ApprovalStatus>(cell(7)),
            .digest = cell(8).digest(),
            .asked_in = cell(12).is_null() ? 0 : static_cast<std::uint64_t>(cell(12).integer()),
            .requested_at = cell(9).time(),
            .expires_at = cell(10).optional_time(),
            .changed_at = cell(11).time()};
}

ApprovalDecisionRow decision_at(Rows const& rows, std::size_t row) {
    auto cell = [&](std::size_t column) { return rows.at(row, column); };
    return {.approval = ApprovalId{cell(0).uuid()},
            .run = RunId{cell(1).uuid()},
            .tenant = cell(2).text(),
            .decision_id = cell(3).text(),
            .decision = cell(4).text(),
            .by = cell(5).text(),
            .comment = cell(6).text(),
            .refused = cell(7).text(),
            .at = cell(8).time()};
}

UnresolvedRow unresolved_at(Rows const& rows, std::size_t row) {
    auto cell = [&](std::size_t column) { return rows.at(row, column); };
    return {.run = RunId{cell(0).uuid()},
            .tenant = cell(1).text(),
            .step = {cell(2).text()},
            .target = cell(3).text(),
            .key = cell(4).text(),
            .attempt = static_cast<int>(cell(5).integer()),
            .verifications = static_cast<int>(cell(6).integer()),
            .verify_at = cell(7).optional_time(),
            .since = cell(8).time()};
}

}  // namespace

ReadModel::ReadModel(std::string url)
    : session_({.url = std::move(url), .application = "resolute reader"}) {}

Rows ReadModel::ask(Query const& query, Parameters const& parameters) {
    std::lock_guard const lock(mutex_);
    return session_.run([&](Connection& connection) { return connection.run(query, parameters); });
}

RunPage ReadModel::runs(RunFilter const& filter, std::size_t limit, std::optional<RunId> before) {
    auto const rows =
        ask(queries::list_runs, Parameters()
                                    .text(filter.tenant)
                                    .text(filter.status ? name(*filter.status) : "")
                                    .text(filter.workflow)
                                    .text(filter.case_id)
                                    .uuid(before ? before->value : last_uuid())
                                    .int8(asked(limit))
                                    .uuid(filter.parent.value_or(RunId{}).value)
                                    .uuid(filter.forked_from.value_or(RunId{}).value));
    RunPage page;
    for (std::size_t i = 0; i < rows.size(); ++i) page.runs.push_back(run_row_at(rows, i));
    if (static_cast<std::int64_t>(rows.size()) == asked(limit)) {
        page.runs.pop_back();
        if (!page.runs.empty()) page.next = page.runs.back().run;
    }
    return page;
}

std::optional<RunRow> ReadModel::run(RunId run) {
    auto const rows = ask(queries::load_run, Parameters().uuid(run.value));
    if (rows.empty()) return std::nullopt;
    return run_row_at(rows, 0);
}

RelatedRuns ReadModel::related(RunId run) {
    auto const limit = static_cast<std::int64_t>(limits::list_page);
    auto const rows = ask(queries::related_runs, Parameters().uuid(run.value).int8(limit));
    return {static_cast<std::size_t>(rows.at(0, 0).integer()),
            static_cast<std::size_t>(rows.at(0, 1).integer())};
}

std::vector<RunRow> ReadModel::runs_of_case(std::string const& tenant, std::string const& case_id) {
    return runs({.tenant = tenant, .case_id = case_id}, limits::list_page).runs;
}

std::vector<EncodedEvent> ReadModel::events(RunId run, std::uint64_t after, std::size_t limit) {
    // An event that nobody can have is behind all that there are.
    auto const before =
        std::min<std::uint64_t>(after, std::numeric_limits<std::int64_t>::max() / 2);
    auto const rows = ask(queries::load_events, Parameters()
                                                    .uuid(run.value)
                                                    .int8(static_cast<std::int64_t>(before + 1))
                                                    .int8(static_cast<std::int64_t>(before + limit))
                                                    .int8(limits::load_bytes));
    EventPage page(run, before + 1, limit, limits::load_bytes);
    for (std::size_t i = 0; i < rows.size(); ++i) page.add(history_row_at(rows, i));
    auto events = page.take();
    make_whole(run, events);
    return events;
}

void ReadModel::make_whole(RunId run, std::vector<EncodedEvent>& events) {
    store::make_whole(run, events, limits::load_bytes, [&](std::vector<Digest> const& digests) {
        return blobs_in(ask(queries::find_blobs, find_blobs_parameters(run, digests)));
    });
}

std::vector<EncodedEvent> ReadModel::history(RunId run, std::uint64_t after, std::size_t limit) {
    return events(run, after, std::min(limit, limits::list_page));
}

std::optional<StoredRun> ReadModel::resume(RunId run) {
    Array wanted(Type::uuid);
    wanted.add_uuid(run.value);
    auto const rows = ask(queries::resume_runs, Parameters().array(wanted).int2(snapshot_format));
    if (rows.empty()) return std::nullopt;
    StoredRun stored{.row = run_row_at(rows, 0), .events = {}};
    stored.snapshot = snapshot_at(rows, 0, stored.row);
    // The snapshot's own last event too: its chain proves that they belong together.
    auto const after = stored.snapshot ? stored.snapshot->sequence - 1 : 0;
    stored.events = events(run, after, limits::events_per_load);
    return stored;
}

Payload ReadModel::case_record(std::string const& tenant, std::string const& case_id) {
    auto const rows = ask(queries::get_case, Parameters().text(tenant).text(case_id).int8(
                                                 static_cast<std::int64_t>(case_entries_shown)));
    if (rows.empty()) return Json(nullptr);
    auto record = parse_json(rows.at(0, 0).text()).value();
    record["entries"] = parse_json(rows.at(0, 1).text()).value();
    return Payload(std::move(record));
}

ApprovalRow ReadModel::approval_at(Rows const& rows, std::size_t row) {
    auto approval = approval_row_at(rows, row);
    approval.card = card_at(rows, row, approval);
    return approval;
}

// Whoever cannot find or read it, or finds that it is about something else, shows none: nobody can
// approve what is not shown.
Payload ReadModel::card_at(Rows const& rows, std::size_t row, ApprovalRow const& approval) {
    if (rows.at(row, 13).is_null()) return {};
    try {
        EventPage page(approval.run, approval.asked_in, 1, limits::load_bytes);
        page.add(history_row_at(rows, row, 13));
        auto asking = page.take();
        if (asking.empty()) return {};
        make_whole(approval.run, asking);
        auto const fact = decode(asking.front()).fact;
        auto const* asked = std::get_if<ApprovalRequested>(&fact);
        bool const is_it =
            asked && asked->approval == approval.approval && asked->digest == approval.digest;
        return is_it ? shown_card(*asked) : Payload();
    } catch (CorruptHistory const& error) {
        log::error("run=" + to_string(approval.run) + " " + error.what());
        return {};
    }
}

ApprovalPage ReadModel::approvals(ApprovalFilter const& filter, std::size_t limit,
                                  std::optional<ApprovalCursor> before) {
    constexpr Timestamp far_future{253'402'300'799'000'000};  // the year 9999
    bool const pending = filter.status == ApprovalStatus::pending;
    auto const edge =
        before.value_or(pending ? ApprovalCursor{} : ApprovalCursor{far_future, {last_uuid()}});
    Parameters parameters;
    parameters.text(filter.tenant);
    if (!pending) parameters.text(filter.status ? name(*filter.status) : "");
    parameters.uuid(filter.run ? filter.run->value : Uuid{})
        .time(edge.requested_at)
        .uuid(edge.approval.value)
        .int8(asked(limit));
    auto const rows = ask(pending ? queries::list_pending : queries::list_approvals, parameters);
    ApprovalPage page;
    for (std::size_t i = 0; i < rows.size(); ++i) page.approvals.push_back(approval_at(rows, i));
    if (static_cast<std::int64_t>(rows.size()) == asked(limit)) {
        page.approvals.pop_back();
        if (!page.approvals.empty())
            page.next = {page.approvals.back().requested_at, page.approvals.back().approval};
    }
    return page;
}

std::optional<ApprovalDetail> ReadModel::approval(std::string const& tenant, ApprovalId approval) {
    auto const rows = ask(queries::get_approval, Parameters().uuid(approval.value).text(tenant));
    if (rows.empty()) return std::nullopt;
    ApprovalDetail detail{.approval = approval_at(rows, 0)};
    auto const decisions = ask(queries::approval_decisions, Parameters().uuid(approval.value));
    for (std::size_t i = 0; i < decisions.size(); ++i)
        detail.decisions.push_back(decision_at(decisions, i));
    return detail;
}

std::vector<UnresolvedRow> ReadModel::unresolved(std::string const& tenant, std::size_t limit) {
    auto const rows =
        ask(queries::list_unresolved, Parameters().text(tenant).int8(asked(limit) - 1));
    std::vector<UnresolvedRow> found;
    for (std::size_t i = 0; i < rows.size(); ++i) found.push_back(unresolved_at(rows, i));
    return found;
}

std::optional<PlaceQueue> ReadModel::place_queue(RunId run) {
    auto const rows = ask(queries::place_queue, Parameters().uuid(run.value));
    if (rows.empty()) return std::nullopt;
    auto const holder = rows.at(0, 0);
    return PlaceQueue{
        .holder = holder.is_null() ? std::nullopt : std::optional(RunId{holder.uuid()}),
        .held = rows.at(0, 1).integer(),
        .opens_at = rows.at(0, 2).optional_time()};
}

std::vector<MemberRow> ReadModel::members() {
    auto const rows = ask(queries::list_members, {});
    std::vector<MemberRow> members;
    for (std::size_t i = 0; i < rows.size(); ++i)
        members.push_back({.member = MemberId{rows.at(i, 0).uuid()},
                           .name = rows.at(i, 1).text(),
                           .joined_at = rows.at(i, 2).time(),
                           .expires_at = rows.at(i, 3).time(),
                           .fenced = rows.at(i, 4).boolean(),
                           .shards = static_cast<int>(rows.at(i, 5).integer())});
    return members;
}

std::optional<MemberRow> ReadModel::owner_of(int shard) {
    auto const rows =
        ask(queries::shard_owner, Parameters().int2(static_cast<std::int16_t>(shard)));
    if (rows.empty()) return std::nullopt;
    return MemberRow{.member = MemberId{rows.at(0, 0).uuid()},
                     .name = rows.at(0, 1).text(),
                     .joined_at = rows.at(0, 2).time(),
                     .expires_at = rows.at(0, 3).time(),
                     .fenced = rows.at(0, 4).boolean()};
}

std::string ReadModel::bundle_of(RunId run) {
    auto const rows = ask(queries::quarantined, Parameters().uuid(run.value));
    return rows.empty() ? std::string() : rows.at(0, 0).text();
}

Counts ReadModel::counts(std::string const& tenant) {
    auto const rows = ask(queries::counts, Parameters().text(tenant));
    Counts counts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const what = rows.at(i, 0).text();
        auto const number = rows.at(i, 1).integer();
        if (what == "approvals")
            counts.pending_approvals = number;
        else if (what == "unresolved")
            counts.unresolved = number;
        else if (what == "refused messages")
            counts.refused_messages = number;
        else
            counts.runs[what] = number;
    }
    return counts;
}

}  // namespace resolute::store
