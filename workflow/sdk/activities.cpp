#include "workflow/sdk/activities.h"

#include "base/error_codes.h"
#include "engine/postponement.h"

namespace resolute::sdk {
namespace {

ActivityCall call_of(Attempt const& attempt) {
    return {attempt.intent.key, attempt.number, attempt.deadline, attempt.run, attempt.case_id};
}

Json const& input_of(Attempt const& attempt) { return attempt.intent.request.json().at("input"); }

outcome::Failed not_now(Attempt const& attempt) {
    return postponed(
        attempt, communication_failure("Too many activities wait for a thread.", codes::tool_busy));
}

}  // namespace

Activities::Activities(Clock const& clock, int threads) : clock_(clock) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
}

Activities::~Activities() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
}

void Activities::add(std::string const& name, Registered registered) {
    if (!registered_.try_emplace(name, std::move(registered)).second)
        throw std::logic_error("The activity `" + name + "` is registered already.");
}

Activities::Registered const* Activities::find(std::string const& name) const {
    auto const found = registered_.find(name);
    return found == registered_.end() ? nullptr : &found->second;
}

Admission Activities::admit(Proposal const& proposal) const {
    auto const& request = proposal.request.json();
    auto const name = request.value("activity", std::string());
    auto const* activity = find(name);
    if (!activity)
        return Rejected{configuration_failure("This process has no activity `" + name + "`.",
                                              codes::no_handler)};
    auto const violations = activity->input.validate(request.value("input", Json()));
    if (!violations.empty())
        return Rejected{validation_failure(
            "The input of `" + name + "` does not satisfy its schema: " + to_string(violations),
            codes::schema_violation)};
    auto intent = unbound(proposal, name, activity->terms.effect);
    auto const allowed = terms(intent);
    return Permitted{std::move(intent), allowed, false};
}

Terms Activities::terms(ActivityIntent const& intent) const {
    Terms terms;
    auto const* activity = find(intent.target);
    if (!activity) return terms;
    terms.timeout = activity->terms.timeout;
    terms.attempts = activity->terms.attempts;
    terms.first_delay = activity->terms.first_delay;
    terms.can_verify = static_cast<bool>(activity->find);
    terms.resend_is_safe = activity->terms.is_idempotent;
    return terms;
}

bool Activities::enqueue(std::function<void()> work) {
    {
        std::lock_guard const lock(mutex_);
        if (stopping_ || queue_.size() >= limits::activity_queue) return false;
        queue_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

void Activities::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    if (!enqueue([this, attempt, done] { done(carry_out(attempt)); })) done(not_now(attempt));
}

void Activities::verify(Attempt const& attempt, std::function<void(Verification)> done) {
    if (!enqueue([this, attempt, done] { done(look_up(attempt)); }))
        done({Verdict::undecided, {}, {}});
}

// What waits when the process stops is found again by whoever resumes its run.
void Activities::loop() {
    while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        auto const work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
    }
}

Outcome Activities::carry_out(Attempt const& attempt) const {
    bool const is_late = clock_.now() >= attempt.deadline || !may_send(attempt.lease);
    if (is_late) return not_now(attempt);
    auto const* activity = find(attempt.intent.target);
    if (!activity)
        return outcome::Failed{
            configuration_failure("This process has no activity `" + attempt.intent.target + "`.",
                                  codes::no_handler),
            false,
            {},
            {}};
    auto threw = [&](std::string const& what) -> Outcome {
        auto why = communication_failure(what, codes::activity_threw);
        if (attempt.intent.effect == Effect::read) return outcome::Failed{why, true, {}, {}};
        return outcome::Unknown{std::move(why), {}};
    };
    try {
        return outcome::Succeeded{activity->function(input_of(attempt), call_of(attempt)), {}};
    } catch (Refused const& why) {
        return outcome::Failed{runtime_failure(why.what(), codes::activity_refused),
                               why.retry == Refused::Retry::later,
                               {},
                               {}};
    } catch (std::exception const& error) {
        return threw(error.what());
    } catch (...) {
        return threw("It threw something that is no std::exception.");
    }
}

Verification Activities::look_up(Attempt const& attempt) const {
    auto const* activity = find(attempt.intent.target);
    if (!activity || !activity->find) return {Verdict::undecided, {}, {}};
    try {
        auto const found = activity->find(input_of(attempt), call_of(attempt));
        if (!found) return {Verdict::absent, {}, {}};
        return {Verdict::applied, {}, Payload(*found)};
    } catch (std::exception const& error) {
        return {Verdict::undecided, Payload(Json{{"error", error.what()}}), {}};
    } catch (...) {
        return {Verdict::undecided, {}, {}};
    }
}

}  // namespace resolute::sdk
