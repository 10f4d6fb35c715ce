// The checks that concern people: exactly what was approved runs, once, in time, by enough of them.
#include <algorithm>

#include "tests/simulation/checks.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

// Histories carry the clocks of processes, policies change by the world's.
constexpr Duration clocks_differ = 1s;

class ReadingApprovals {
  public:
    ReadingApprovals(Ground& ground, RunId run) : ground_(ground), run_(run) {}

    void read(Event const& event) {
        if (auto const* asked = std::get_if<ApprovalRequested>(&event.fact))
            approvals_[asked->approval] = {*asked, ApprovalStatus::pending, {}, event.at};
        if (auto const* fact = std::get_if<ApprovalDecided>(&event.fact))
            follow(fact->approval, event);
        if (auto const* fact = std::get_if<ApprovalExpired>(&event.fact))
            follow(fact->approval, event);
        if (auto const* fact = std::get_if<ApprovalRevoked>(&event.fact))
            follow(fact->approval, event);
        if (auto const* fact = std::get_if<ActivityProposed>(&event.fact))
            intents_[fact->step] = fact->intent;
        if (auto const* fact = std::get_if<ActivityStarted>(&event.fact)) start(*fact, event);
    }

  private:
    void follow(ApprovalId id, Event const& event) {
        auto const found = approvals_.find(id);
        if (found != approvals_.end()) apply(found->second, event.fact);
    }

    void require(bool holds, Check check, char const* otherwise) {
        ground_.setting.looked(check);
        if (!holds)
            ground_.setting.breach(check, std::string(otherwise) + " (" + to_string(run_) + ")");
    }

    void start(ActivityStarted const& started, Event const& event) {
        if (started.intent) intents_[started.step] = *started.intent;
        auto const& intent = intents_[started.step];
        auto const gate = ToolName::parse(intent.target).gate;
        bool const needs_people = gate == ToolName::Gate::gated || gate == ToolName::Gate::pair;
        if (!started.approval) {
            if (needs_people)
                require(used_[started.step] > 0, Check::i4_consumed_once_with_intent,
                        "a gated call started without an approval");
            return;
        }
        ++used_[started.step];
        auto& approval = approvals_[*started.approval];
        require(approval.status == ApprovalStatus::approved, Check::i4_consumed_once_with_intent,
                "an approval was used that was not there to be used");
        require(approval.asked.digest == intent.binding, Check::i3_approved_is_executed,
                "what runs is not what was approved");
        check_freshness(approval, intent, event.at);
        check_people(approval);
        approval.status = ApprovalStatus::consumed;
    }

    void check_freshness(Approval const& approval, ActivityIntent const& intent, Timestamp at) {
        require(!approval.asked.expires_at || at < *approval.asked.expires_at,
                Check::i5_nothing_stale_consumed, "an approval was used after its expiry");
        auto const version = intent.decision.json().at("policy").get<int>();
        require(ground_.policies.was_in_force(intent.target, version, at - clocks_differ,
                                              at + clocks_differ),
                Check::i5_nothing_stale_consumed, "an approval was used under another policy");
    }

    void check_people(Approval const& approval) {
        std::set<std::string> people;
        for (auto const& decision : approval.decisions)
            if (decision.decision == "approve") people.insert(decision.by);
        auto may_not = [&](std::string const& person) { return people.contains(person); };
        require(static_cast<int>(people.size()) >= approval.asked.quorum &&
                    std::ranges::none_of(approval.asked.not_by, may_not),
                Check::i6_duties_and_quorum, "too few people, or the wrong ones, approved");
    }

    Ground& ground_;
    RunId run_;
    std::map<ApprovalId, Approval> approvals_;
    std::map<StepId, ActivityIntent> intents_;
    std::map<StepId, int> used_;
};

}  // namespace

void check_approvals(Ground& ground, History const& history) {
    ReadingApprovals reading(ground, history.run);
    for (auto const& event : history.events) reading.read(event);
}

}  // namespace resolute::simulation
