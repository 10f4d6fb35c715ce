#include "tests/store/sample.h"

#include "engine/chain.h"
#include "engine/shard_of.h"

namespace resolute::testing {

SampleRun::SampleRun(int shard)
    : id(with_shard(fresh_id<RunId>(), shard)), head_(chain_start(id)) {}

EncodedEvent SampleRun::event() {
    return next(
        7, R"({"step":"/do/)" + std::to_string(sequence_ + 1) + R"(","text":"größer \u0000"})");
}

EncodedEvent SampleRun::next(std::int16_t kind, std::string body) {
    now = now + std::chrono::seconds(1);
    EncodedEvent event{
        .sequence = ++sequence_, .at = now, .kind = kind, .body = std::move(body), .chain = {}};
    if (event.sequence == 1 && kind == kind_number(RunStarted{})) salt_ = salt_of(event);
    head_ = chain_next(head_, event, salt_);
    event.chain = head_;
    return event;
}

Append SampleRun::append() const {
    return {.run = id, .tenant = "default", .shard = shard_of(id), .after = end()};
}

Append SampleRun::start(std::string const& case_id, std::string const& workflow) {
    case_ = case_id;
    workflow_ = workflow;
    auto made = append();
    made.events.push_back(event());
    made.row = row();
    return made;
}

Append SampleRun::more(int events) {
    auto made = append();
    for (int i = 0; i < events; ++i) made.events.push_back(event());
    return made;
}

Append SampleRun::start(std::vector<Fact> const& facts) {
    workflow_ = "demo/refund";
    auto made = more(facts);
    made.row = row();
    return made;
}

Append SampleRun::more(std::vector<Fact> const& facts) {
    auto made = append();
    for (auto const& fact : facts) made.events.push_back(next(kind_number(fact), encode(fact)));
    return made;
}

Append SampleRun::ask(ApprovalId approval) {
    auto made = append();
    Fact const fact = ApprovalRequested{.approval = approval,
                                        .step = {"/do/0/pay"},
                                        .digest = sha256("binding"),
                                        .card = Payload(Json{{"sentence", "Refund EUR 480.00"}}),
                                        .choices = {"approve", "reject"},
                                        .quorum = 2};
    made.events.push_back(next(kind_number(fact), encode(fact)));
    made.approvals = {this->approval(approval, ApprovalStatus::pending)};
    return made;
}

RunRow SampleRun::row(RunRow::Status status) const {
    return {.run = id,
            .tenant = "default",
            .shard = shard_of(id),
            .workflow = {workflow_, "1.0.0", sha256("definition")},
            .case_id = case_,
            .status = status,
            .sequence = sequence_,
            .started_at = noon,
            .updated_at = now};
}

RunRow SampleRun::waiting(std::string const& code, std::optional<Timestamp> wake_at) const {
    auto waiting = row(RunRow::Status::waiting);
    waiting.waits_code = code;
    waiting.waits_sentence = "for " + code;
    waiting.wake_at = wake_at;
    return waiting;
}

ApprovalRow SampleRun::approval(ApprovalId approval, ApprovalStatus status) const {
    bool const is_new = status == ApprovalStatus::pending;
    return {.approval = approval,
            .run = id,
            .tenant = "default",
            .case_id = case_,
            .workflow = workflow_,
            .step = {"/do/0/pay"},
            .kind = ApprovalKind::tool,
            .status = status,
            .digest = sha256("binding"),
            .asked_in = is_new ? sequence_ : 0,
            .requested_at = now,
            .expires_at = now + std::chrono::hours(24),
            .changed_at = now};
}

UnresolvedRow SampleRun::unresolved(std::string const& step, bool resolved) const {
    return {.run = id,
            .tenant = "default",
            .step = {step},
            .target = "payments.refund@1.0.0",
            .key = "key-1",
            .attempt = resolved ? 0 : 1,
            .verifications = 2,
            .verify_at = now + std::chrono::minutes(1),
            .since = now,
            .resolved = resolved};
}

Message signal_for(RunId run, std::string const& name) {
    return {.id = fresh_id<MessageId>(),
            .run = run,
            .content = SendSignal{name, Json{{"n", 1}}, "tester"}};
}

}  // namespace resolute::testing
