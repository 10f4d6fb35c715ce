#include "tests/simulation/network.h"

#include "engine/names.h"
#include "engine/postponement.h"
#include "engine/settlement.h"
#include "tests/simulation/checks.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

// Half of the settle time of every tool: later than that no request of an attempt arrives.
constexpr Duration latest_arrival = 1500ms;

Failure why(char const* text) { return communication_failure(text, "simulated"); }

// One attempt on its way. Copied into what happens later.
struct Sending {
    Ground& ground;
    std::shared_ptr<Life> life;
    Attempt attempt;

    Setting& setting() const { return ground.setting; }
    Duration left() const { return attempt.deadline - life->clock(); }

    void finish(Duration after, Outcome outcome) const {
        life->later(after, [life = life.get(), run = attempt.run, step = attempt.step,
                            number = attempt.number, outcome = std::move(outcome)] {
            life->feed(run, EffectFinished{run, step, number, outcome});
        });
    }
    void fail(Duration after, char const* text) const {
        finish(after, outcome::Failed{why(text), true, {}, {}});
    }
    void lose(Duration after, char const* text) const {
        finish(after, outcome::Unknown{why(text), {}});
    }

    void read() const;
    void write() const;
    void depart() const;
    void arrive(Duration travel) const;
};

void Sending::read() const {
    if (setting().strikes(Fault::read_failed)) return fail(setting().some(1s), "no answer");
    auto const number = static_cast<int>(setting().random().below(10));
    finish(setting().some(500ms), outcome::Succeeded{Json{{"n", number}}, {}});
}

// It waits for its turn inside the process; the dispatch deadline binds one that was paused there.
void Sending::write() const {
    auto const queued = setting().some(2s);
    life->later(queued, [self = *this] {
        auto& setting = self.setting();
        if (self.left() <= Duration::zero() || !self.life->has_lease()) {
            setting.count(Fault::too_late_to_send);
            return self.fail(0s, "too late to send");
        }
        if (setting.strikes(Fault::postponed))
            return self.finish(0s, postponed(self.attempt, why("busy")));
        if (setting.strikes(Fault::refused_unsent)) return self.fail(setting.some(1s), "refused");
        self.depart();
    });
}

void Sending::depart() const {
    check_intent(ground, attempt);
    setting().require(!ground.is_fenced(life->member()), Check::i7_fenced_sends_nothing,
                      "a fenced process sent a write");
    if (setting().is_traced())
        setting().note(life->name() + " sends " + attempt.intent.target + " attempt " +
                       std::to_string(attempt.number) + " of " + attempt.step.path);
    if (setting().strikes(Fault::refused_by_tool))
        return finish(setting().some(1s),
                      outcome::Failed{runtime_failure("no", "simulated"), false, {}, {}});
    if (setting().strikes(Fault::lost_before)) return lose(left(), "no answer in time");
    auto const travel = setting().some(500ms);
    if (setting().strikes(Fault::arrived_late)) {
        auto const late = left() + setting().some(latest_arrival);
        arrive(late);
        return lose(left(), "no answer in time");
    }
    arrive(travel);
    auto const name = ToolName::parse(attempt.intent.target);
    if (name.tool_class == ToolClass::a && setting().strikes(Fault::delivered_twice))
        arrive(travel + setting().some(longest_way - 2s));
    if (setting().strikes(Fault::lost_after)) return lose(left(), "no answer in time");
    auto const answered = travel + setting().some(1s);
    if (setting().strikes(Fault::error_after_effect)) return lose(answered, "500 after the effect");
    if (answered > left()) return lose(left(), "no answer in time");
    auto const number = static_cast<int>(setting().random().below(10));
    finish(answered, outcome::Succeeded{Json{{"done", attempt.intent.key}, {"n", number}}, {}});
}

void Sending::arrive(Duration travel) const {
    ground.outside.expect(attempt.intent.key);
    setting().at(travel, [&ground = ground, intent = attempt.intent] {
        ground.outside.arrived(intent.key);
        ground.outside.receive(intent.key, ToolName::parse(intent.target).tool_class,
                               intent.request.text(), ground.setting.now(),
                               key_window(intent) + longest_way);
        if (ground.setting.is_traced()) ground.setting.note("effect of " + intent.target);
    });
}

// As the contract says it: not once an answer could come after the key is forgotten.
bool is_remembered(Ground const& ground, Life const& life, ActivityIntent const& intent) {
    Timestamp const admitted{intent.decision.json().at("at").get<std::int64_t>()};
    auto const horizon = resend_horizon(ground.tools.terms(intent));
    return life.clock() - admitted + horizon < key_window(intent);
}

Verification answer_of(Ground& ground, Life const& life, Attempt const& attempt) {
    auto const& key = attempt.intent.key;
    switch (ToolName::parse(attempt.intent.target).tool_class) {
        case ToolClass::a:
            if (is_remembered(ground, life, attempt.intent)) return {Verdict::resend, {}, {}};
            ground.setting.count(Fault::key_forgotten);
            return {};
        case ToolClass::b:
            if (ground.outside.applied(key) == 0) return {Verdict::absent, {}, {}};
            return {Verdict::applied, {}, Payload(Json{{"done", key}, {"n", 1}})};
        case ToolClass::c: break;
    }
    return {};
}

}  // namespace

void send_outside(Ground& ground, Life& life, Attempt const& attempt) {
    Sending const sending{ground, life.shared_from_this(), attempt};
    if (attempt.intent.effect == Effect::read)
        sending.read();
    else
        sending.write();
}

void ask_outside(Ground& ground, Life& life, Attempt const& attempt) {
    life.later(ground.setting.some(1s), [&ground, life = &life, attempt] {
        bool const is_lost = ground.setting.strikes(Fault::verification_lost);
        auto const answer = is_lost ? Verification{} : answer_of(ground, *life, attempt);
        if (ground.setting.is_traced())
            ground.setting.note(life->name() + " asks what became of " + attempt.intent.target +
                                ": " + std::string(name(answer.verdict)));
        life->feed(attempt.run, EffectVerified{attempt.run, attempt.step, attempt.number, answer});
    });
}

}  // namespace resolute::simulation
