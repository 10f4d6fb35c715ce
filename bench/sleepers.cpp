#include "bench/sleepers.h"

#include <stdexcept>

#include "bench/server.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "workflow/load.h"

namespace resolute::bench {
namespace {

constexpr char tenant[] = "default";
constexpr std::chrono::seconds sleepers_patience{60};

constexpr char payments_policy[] = R"(policy: bench
version: 1.0.0
rules:
  - name: small
    title: Small payments are made
    tools: [bench.pay]
    when: $arguments.amount < 10000
    decide: permit
  - name: large
    title: Large payments need a second pair of eyes
    tools: [bench.pay]
    when: $arguments.amount >= 10000
    decide: require_approval
    approval: { risk: medium, expiresAfter: P30D, notBy: [initiator] }
)";

std::string workflow_text(std::string const& name, int steps) {
    std::string text =
        "document: { dsl: 1.0.3, namespace: bench, name: " + name + ", version: 1.0.0 }\ndo:\n";
    for (int step = 1; step <= steps; ++step)
        text += "  - pay" + std::to_string(step) +
                ": { call: tool, with: { tool: bench.pay, arguments: { amount: '${ .amount }' } } "
                "}\n";
    return text;
}

// Each run waits for the event of its own case.
constexpr char listening_text[] = R"(
document: { dsl: 1.0.3, namespace: bench, name: listening, version: 1.0.0 }
do:
  - hear:
      listen:
        to:
          one:
            with: { type: bench.news }
            correlate: { case: { from: .data.case, expect: '${ .case }' } }
)";

tools::Function pay(Ledger& ledger) {
    auto const amount = Json{{"type", "object"},
                             {"required", {"amount"}},
                             {"properties", {{"amount", {{"type", "integer"}}}}}};
    auto call = [&ledger](Json const& arguments, std::string const& key) {
        ledger.pay(key);
        return arguments;
    };
    return {.name = "bench.pay",
            .effect = Effect::write,
            .input = amount,
            .output = amount,
            .call = call,
            .honours_key = true};
}

}  // namespace

std::string name_of(Sleep sleep) { return sleep == Sleep::for_event ? "event" : "approval"; }

Sleepers::Sleepers(Options options)
    : options_(std::move(options)),
      ledger_(options_.ledger),
      approved_(workflow::load(workflow_text("large", 1), "large.yaml").value()),
      payments_(workflow::load(workflow_text("small", payments_per_run), "small.yaml").value()),
      listening_(workflow::load(listening_text, "listening.yaml").value()),
      source_("bench/" + to_string(MessageId::make(clock_.now(), *random_))),
      http_(runtime_),
      reads_(options_.url),
      inbox_(options_.url) {
    tools_ = std::make_unique<tools::ToolHandler>(
        deployment(), tools::Roads{.clock = clock_, .runtime = &runtime_, .http = &http_});
    distant_ = std::make_unique<Distant>(*tools_, runtime_, options_.delay);
    runtime_.start();
    engine_ = std::make_unique<shell::Engine>(
        shell::EngineOptions{.name = "bench",
                             .committers = options_.committers,
                             .keeper = {.lease = options_.lease}},
        database(), Handlers{{"tool", distant_.get()}},
        [this](Digest const& digest) { return definition(digest); }, clock_);
    engine_->on_commit([this](std::vector<Append> const& appends) { committed(appends); });
    engine_->start();
}

Sleepers::~Sleepers() {
    engine_->stop();
    runtime_.stop();
}

std::unique_ptr<Orchestrator> Sleepers::definition(Digest const& digest) const {
    for (auto const& yaml : {approved_, payments_, listening_})
        if (yaml->ref.digest == digest) return std::make_unique<workflow::Interpreter>(yaml);
    throw std::runtime_error("no such workflow is published");
}

shell::Database Sleepers::database() {
    auto const& url = options_.url;
    return {.store = [url](MemberId member, int writer) -> std::unique_ptr<EventStore> {
                return std::make_unique<store::PostgresStore>(
                    store::PostgresStoreOptions{.url = url, .member = member, .writer = writer});
            },
            .membership = std::make_unique<store::PostgresMembership>(url),
            .post = [this](Message const& message) { inbox_.post(message); }};
}

tools::Deployment Sleepers::deployment() {
    tools::Registry::Parts parts;
    parts.functions = {pay(ledger_)};
    auto const registry = tools::Registry::make(std::move(parts)).value();
    auto policies =
        policy::Set::compile({{"bench.yaml", payments_policy}}, {registry->for_policies(), {}})
            .value();
    return {registry, std::move(policies), {}};
}

void Sleepers::committed(std::vector<Append> const& appends) {
    std::lock_guard const lock(mutex_);
    for (auto const& append : appends) {
        options_.awaited.erase(append.run);
        if (!append.row || append.row->status == RunRow::Status::running) continue;
        if (append.row->status == RunRow::Status::waiting) {
            ++parked_;
            continue;
        }
        ++closed_;
        if (append.row->status != RunRow::Status::completed)
            failure_ = "run " + to_string(append.run) + " failed: " + append.events.back().body;
    }
    changed_.notify_all();
}

// Waits for its turn, so that a bounded number is under way.
void Sleepers::submit(Message message) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return unanswered_ < in_flight; });
        ++unanswered_;
    }
    engine_->submit(std::move(message), [this](Reply const& reply) {
        std::lock_guard const lock(mutex_);
        --unanswered_;
        if (auto const* refused = std::get_if<Refused>(&reply)) failure_ = refused->why.detail;
        changed_.notify_all();
    });
}

void Sleepers::wait(std::size_t const& count, std::size_t wanted) {
    std::unique_lock lock(mutex_);
    while (failure_.empty() && count < wanted) {
        auto const before = count;
        changed_.wait_for(lock, sleepers_patience,
                          [&] { return count != before || !failure_.empty(); });
        if (count == before && failure_.empty())
            failure_ = "nothing moved for a minute, at " + std::to_string(count) + " of " +
                       std::to_string(wanted);
    }
    if (!failure_.empty()) throw std::runtime_error(failure_);
}

void Sleepers::start(WorkflowRef const& workflow, Json input, std::string const& by) {
    submit({MessageId::make(clock_.now(), *random_), engine_->mint_run_id(),
            StartRun{workflow, tenant, "", std::move(input), by}});
}

void Sleepers::park(Sleep sleep, std::size_t runs) {
    auto const wanted = parked_ + runs;
    for (std::size_t i = 0; i < runs; ++i)
        if (sleep == Sleep::for_event)
            start(listening_->ref, Json{{"case", case_of(listeners_++)}}, "bench");
        else
            start(approved_->ref, Json{{"amount", 20'000}}, "bench");
    wait(parked_, wanted);
}

void Sleepers::start_payments(std::size_t runs) {
    for (std::size_t i = 0; i < runs; ++i) start(payments_->ref, Json{{"amount", 5}}, "bench");
}

std::size_t Sleepers::wake(Sleep sleep) {
    auto const before = closed_;
    auto const woken = sleep == Sleep::for_approval ? approve_all() : listeners_;
    if (sleep == Sleep::for_event) post_all();
    wait(closed_, before + woken);
    return woken;
}

std::size_t Sleepers::approve_all() {
    store::ApprovalFilter const pending{.status = ApprovalStatus::pending, .run = {}};
    std::optional<store::ApprovalCursor> next;
    std::size_t approved = 0;
    do {
        auto const page = reads_.approvals(pending, 1'000, next);
        for (auto const& row : page.approvals) {
            submit({MessageId::make(clock_.now(), *random_), row.run,
                    DecideApproval{row.approval, "d", "approve", "rita", row.digest, "", {}}});
            ++approved;
        }
        next = page.next;
    } while (next);
    return approved;
}

void Sleepers::post_all() {
    std::vector<Json> events;
    for (std::size_t i = 0; i < listeners_; ++i) {
        events.push_back({{"specversion", "1.0"},
                          {"id", std::to_string(i)},
                          {"source", source_},
                          {"type", "bench.news"},
                          {"data", {{"case", case_of(i)}}}});
        if (events.size() < 500 && i + 1 < listeners_) continue;
        inbox_.post_events(tenant, events);
        events.clear();
    }
    engine_->poke();
}

double Sleepers::moved_after(double since) {
    std::unique_lock lock(mutex_);
    while (!options_.awaited.empty()) {
        auto const left = options_.awaited.size();
        changed_.wait_for(lock, sleepers_patience, [&] { return options_.awaited.size() != left; });
        if (options_.awaited.size() == left)
            throw std::runtime_error(std::to_string(left) + " runs were not resumed");
    }
    return seconds_now() - since;
}

void Sleepers::wait_until_closed(std::size_t runs) { wait(closed_, runs); }

}  // namespace resolute::bench
