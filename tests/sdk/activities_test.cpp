// Typed C++ functions as activities: their schemas at the gate, their keys, and what becomes of
// what they throw.
#include <future>

#include "base/clock.h"
#include "base/error_codes.h"
#include "tests/sdk/code_driver.h"
#include "workflow/sdk/activities.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;
using sdk::Activities;
using sdk::ActivityCall;

namespace {

struct Charge {
    std::string account;
    std::int64_t amount = 0;
};
constexpr auto shape_of(Charge const*) {
    return std::tuple(sdk::field("account", &Charge::account),
                      sdk::field("amount", &Charge::amount));
}
struct Receipt {
    std::string number;
};
constexpr auto shape_of(Receipt const*) {
    return std::tuple(sdk::field("number", &Receipt::number));
}

// One activity, in the test's hands.
struct Bank {
    SystemClock clock;
    Activities activities{clock, 2};
    std::function<Receipt(Charge const&, ActivityCall const&)> charge =
        [](Charge const&, ActivityCall const& call) {
            return Receipt{call.key + "#" + std::to_string(call.attempt)};
        };
    std::function<std::optional<Receipt>(Charge const&, ActivityCall const&)> find;

    Bank(sdk::ActivityTerms const& terms = {.effect = Effect::write}, bool can_find = false) {
        std::function<std::optional<Receipt>(Charge const&, ActivityCall const&)> asked;
        if (can_find) asked = [this](Charge const& c, ActivityCall const& a) { return find(c, a); };
        activities.add<Receipt, Charge>(
            "charge", terms,
            [this](Charge const& c, ActivityCall const& a) { return charge(c, a); }, asked);
    }

    Admission admit(Json const& input, std::string const& name = "charge") const {
        Proposal proposal;
        proposal.kind = "activity";
        proposal.request = Json{{"activity", name}, {"input", input}};
        proposal.key = "k-1";
        return activities.admit(proposal);
    }
    Attempt attempt(Json const& input) const {
        auto const permitted = std::get<Permitted>(admit(input));
        Attempt attempt;
        attempt.intent = permitted.intent;
        attempt.deadline = clock.now() + 1h;
        return attempt;
    }
    Outcome perform(Attempt const& attempt) {
        std::promise<Outcome> promise;
        auto future = promise.get_future();
        activities.perform(attempt,
                           [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
        return future.get();
    }
    Verification verify(Attempt const& attempt) {
        std::promise<Verification> promise;
        auto future = promise.get_future();
        activities.verify(attempt,
                          [&](Verification answer) { promise.set_value(std::move(answer)); });
        return future.get();
    }
};

Json const ten{{"account", "a"}, {"amount", 10}};

}  // namespace

TEST_CASE("an activity takes and gives typed values, with the key of its step") {
    Bank bank;
    auto const outcome = bank.perform(bank.attempt(ten));
    CHECK(std::get<outcome::Succeeded>(outcome).output.json() == Json{{"number", "k-1#1"}});
}

TEST_CASE("an input that does not have the shape, or an unknown name, is refused at the gate") {
    Bank bank;
    auto const wrong = bank.admit({{"account", "a"}, {"amount", "ten"}});
    CHECK(std::get<Rejected>(wrong).why.code == codes::schema_violation);
    CHECK_THAT(std::get<Rejected>(wrong).why.detail, ContainsSubstring("/amount"));
    CHECK(std::get<Rejected>(bank.admit(ten, "no such")).why.code == codes::no_handler);
    CHECK_THROWS_AS((bank.activities.add<Receipt, Charge>("charge", {}, bank.charge)),
                    std::logic_error);
}

TEST_CASE("what an activity refuses was not done; what else it throws leaves a write unknown") {
    Bank bank;
    bank.charge = [](Charge const&, ActivityCall const&) -> Receipt {
        throw sdk::Refused("The account is closed.");
    };
    auto const refused = std::get<outcome::Failed>(bank.perform(bank.attempt(ten)));
    CHECK(refused.error.code == codes::activity_refused);
    CHECK_FALSE(refused.retryable);
    bank.charge = [](Charge const&, ActivityCall const&) -> Receipt {
        throw sdk::Refused("Not now.", sdk::Refused::Retry::later);
    };
    CHECK(std::get<outcome::Failed>(bank.perform(bank.attempt(ten))).retryable);
    bank.charge = [](Charge const&, ActivityCall const&) -> Receipt {
        throw std::runtime_error("The line went dead.");
    };
    auto const lost = std::get<outcome::Unknown>(bank.perform(bank.attempt(ten)));
    CHECK_THAT(lost.why.detail, ContainsSubstring("The line went dead."));
    bank.charge = [](Charge const&, ActivityCall const&) -> Receipt { throw 7; };
    CHECK(std::holds_alternative<outcome::Unknown>(bank.perform(bank.attempt(ten))));
}

TEST_CASE("a read that throws has failed and may be tried again") {
    Bank bank({.effect = Effect::read});
    bank.charge = [](Charge const&, ActivityCall const&) -> Receipt {
        throw std::runtime_error("The line went dead.");
    };
    CHECK(std::get<outcome::Failed>(bank.perform(bank.attempt(ten))).retryable);
}

TEST_CASE("an attempt whose time is over is not sent") {
    Bank bank;
    bool called = false;
    bank.charge = [&](Charge const&, ActivityCall const&) {
        called = true;
        return Receipt{};
    };
    auto late = bank.attempt(ten);
    late.deadline = bank.clock.now() - 1s;
    CHECK(std::get<outcome::Failed>(bank.perform(late)).postponed);
    CHECK_FALSE(called);
}

TEST_CASE("what became of a lost answer is looked up by its key, when there is a way") {
    Bank silent;
    CHECK_FALSE(silent.activities.terms(silent.attempt(ten).intent).can_verify);
    CHECK(silent.verify(silent.attempt(ten)).verdict == Verdict::undecided);

    Bank bank({.effect = Effect::write, .is_idempotent = true}, true);
    CHECK(bank.activities.terms(bank.attempt(ten).intent).can_verify);
    CHECK(bank.activities.terms(bank.attempt(ten).intent).resend_is_safe);
    bank.find = [](Charge const&, ActivityCall const& call) -> std::optional<Receipt> {
        return Receipt{"found " + call.key};
    };
    auto const found = bank.verify(bank.attempt(ten));
    CHECK(found.verdict == Verdict::applied);
    CHECK(found.output.json() == Json{{"number", "found k-1"}});
    bank.find = [](Charge const&, ActivityCall const&) { return std::optional<Receipt>(); };
    CHECK(bank.verify(bank.attempt(ten)).verdict == Verdict::absent);
    bank.find = [](Charge const&, ActivityCall const&) -> std::optional<Receipt> {
        throw std::runtime_error("No route.");
    };
    CHECK(bank.verify(bank.attempt(ten)).verdict == Verdict::undecided);
}

TEST_CASE("a workflow performs an activity as a step of its own") {
    auto driver = code_driver(+[](sdk::Flow& flow, Json) -> sdk::Task<Json> {
        Charge const wanted{"a", 10};
        auto charging = flow.perform<Receipt>("charge", "charge", wanted);
        auto const receipt = co_await charging;
        co_return Json(receipt.number);
    });
    driver.outside.answers["charge"] = {good({{"number", "r-1"}})};
    driver.start({});
    CHECK(driver.output() == "r-1");
    CHECK(driver.request_of("/do/0/charge")["input"] == ten);
}
