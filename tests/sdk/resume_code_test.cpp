// A run of a workflow in C++ is replayed from any point to the same result, and code that does not
// fit what was recorded is found out.
#include "engine/snapshot.h"
#include "tests/sdk/code_driver.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;
using sdk::Flow;
using sdk::Task;

namespace {

// Every kind of step once; two branches share a variable, so the order of their ends matters.
Task<Json> everything(Flow& flow, Json input) {
    Json log = Json::array();
    auto noting = flow.set("note", input["n"]);
    co_await noting;
    for (int i = 0; i < 3; ++i) {
        Json const arguments{{"i", i}};
        auto adding = flow.call("add", "add", arguments);
        auto const added = co_await adding;
        log.push_back(added);
    }
    auto gathering = flow.parallel("gather",
                                   sdk::branch("late",
                                               [&log](Flow& f) -> Task<Json> {
                                                   auto napping = f.wait_for("nap", 2s);
                                                   co_await napping;
                                                   log.push_back("late");
                                                   co_return Json(f.random() % 100);
                                               }),
                                   sdk::branch("early", [&log](Flow& f) -> Task<Json> {
                                       auto napping = f.wait_for("nap", 1s);
                                       co_await napping;
                                       log.push_back("early");
                                       co_return Json(f.random() % 100);
                                   }));
    auto const [late, early] = co_await gathering;
    try {
        auto doing = flow.block("guarded", [](Flow& f) -> Task<Json> {
            auto first = f.set("first", 1);
            co_await first;
            auto flaky = f.call("flaky", "flaky", Json::object());
            co_return co_await flaky;
        });
        co_await doing;
    } catch (sdk::StepError const& error) {
        log.push_back(error.failure().detail);
    }
    auto asking = flow.approve("sign", {.sentence = "Fine?"});
    auto const decision = co_await asking;
    co_return Json{{"log", log}, {"late", late}, {"early", early}, {"decision", decision.decision}};
}

Driver fresh(std::size_t kept = 10) {
    auto driver = code_driver(everything, kept);
    driver.outside.answers["add"] = {good(10), good(11), good(12)};
    driver.outside.adds_version = true;
    driver.outside.answers["flaky"] = {bad(communication_failure("No route."))};
    return driver;
}

void run_to_the_end(Driver& driver) {
    for (int i = 0; i < 10 && driver.status() == "running"; ++i) {
        if (!driver.run().approvals.empty())
            driver.decide("approve", "bob");
        else
            driver.advance(1s);
    }
}

std::vector<std::string> lines(Driver const& driver) {
    std::vector<std::string> all;
    for (auto const& event : driver.history) all.push_back(encode(event.fact));
    return all;
}

// What the code of a run's first life recorded, followed by other code.
template <class F>
std::string complaint(F* first, F* then, void (*script)(Driver&)) {
    auto driver = code_driver(first);
    script(driver);
    driver.start({});
    driver.orchestrator = code_driver(then).orchestrator;
    try {
        driver.crash();
    } catch (CorruptHistory const& error) {
        return error.what();
    }
    return "it fits";
}

}  // namespace

TEST_CASE("a run that crashes after any event comes to the same result") {
    auto whole = fresh();
    whole.start({{"n", 1}});
    run_to_the_end(whole);
    auto const wanted = whole.output();
    CHECK(wanted["log"] == Json::parse(R"([10, 11, 12, "early", "late", "No route."])"));
    auto const events = whole.history.size();
    for (std::size_t kept = 1; kept < events; ++kept) {
        CAPTURE(kept);
        auto driver = fresh();
        driver.start({{"n", 1}});
        run_to_the_end(driver);
        // What was asked before the crash is not asked for again, so the script has moved on.
        driver.outside.answers["add"] = {good(10), good(11), good(12)};
        std::vector<Event> const prefix(driver.history.begin(),
                                        driver.history.begin() + static_cast<long>(kept));
        for (auto const& event : prefix) {
            auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
            if (called && name_of(called->step) == "add") driver.outside.answers["add"].pop_front();
        }
        driver.now = prefix.back().at;
        driver.crash(kept);
        run_to_the_end(driver);
        CHECK(driver.output() == wanted);
    }
}

TEST_CASE("a run whose coroutine is never kept has the same history") {
    auto kept = fresh();
    auto never = fresh(0);
    for (auto* driver : {&kept, &never}) {
        driver->start({{"n", 1}});
        run_to_the_end(*driver);
    }
    CHECK(lines(kept) == lines(never));
}

TEST_CASE("a run of code goes on from a snapshot") {
    auto driver = fresh();
    driver.start({{"n", 1}});
    driver.advance(1s);
    auto restored = restore(snapshot_of(driver.run(), driver.now), driver.ref.digest);
    REQUIRE(restored);
    CHECK(restored->ledger.size() == driver.run().ledger.size());
    CHECK(state_of(*restored) == state_of(driver.run()));
    driver.live = LiveRun{.run = *std::move(restored)};
    driver.orchestrator->forget(driver.run().id);
    run_to_the_end(driver);
    CHECK(driver.output()["log"].size() == 6);
}

TEST_CASE("coroutines are dropped when too many are kept") {
    auto code = std::make_shared<sdk::Code const>(sdk::workflow(
        "test/flow", "1", +[](Flow& flow, Json) -> Task<Json> {
            auto waiting = flow.wait_for("nap", 1s);
            co_await waiting;
            co_return Json("done");
        }));
    auto const orchestrator = std::make_shared<sdk::Coroutines>(code, 2);
    std::deque<Driver> drivers;
    for (int i = 0; i < 4; ++i) {
        auto& driver = drivers.emplace_back(orchestrator, code->ref);
        driver.now = driver.now + std::chrono::seconds(i);
        driver.start({});
    }
    CHECK(orchestrator->kept() == 2);
    for (auto& driver : drivers) {
        driver.advance(1s);
        CHECK(driver.output() == "done");
        orchestrator->forget(driver.run().id);
    }
    CHECK(orchestrator->kept() == 0);
}

TEST_CASE("what ended inside a sealed block is forgotten, and it is not run again") {
    static int turns = 0;
    turns = 0;
    auto driver = code_driver(+[](Flow& flow, Json) -> Task<Json> {
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < 5; ++i) {
            auto turning = flow.sealed(
                "turn",
                +[](Flow& f, std::int64_t n) -> Task<std::int64_t> {
                    ++turns;
                    auto calling = f.call<std::int64_t>("double", "double", n);
                    auto const twice = co_await calling;
                    auto noting = f.set("note", twice);
                    co_await noting;
                    co_return twice;
                },
                i);
            sum += co_await turning;
        }
        auto waiting = flow.wait_for("nap", 1s);
        co_await waiting;
        co_return Json(sum);
    });
    driver.outside.answers["double"] = {good(0), good(2), good(4), good(6), good(8)};
    driver.start({});
    CHECK(driver.run().ledger.size() == 5);
    CHECK(turns == 5);
    driver.crash();
    driver.advance(1s);
    CHECK(driver.output() == 20);
    CHECK(turns == 5);
}

TEST_CASE("code that does not fit its history is found out, field by field") {
    auto pays = [](auto name, auto amount) {
        return [=](Flow& flow, Json) -> Task<Json> {
            Json const arguments{{"amount", amount}, {"to", "bob"}};
            auto paying = flow.call(name, "pay", arguments);
            co_await paying;
            auto waiting = flow.wait_for("nap", std::chrono::hours(1));
            co_await waiting;
            co_return Json();
        };
    };
    static auto const first = pays("pay", 5);
    static auto const renamed = pays("refund", 5);
    static auto const dearer = pays("pay", 6);
    auto script = +[](Driver& driver) { driver.outside.answers["pay"] = {good(1)}; };
    auto unanswered = +[](Driver&) {};
    using Function = Task<Json>(Flow&, Json);
    Function* const was = [](Flow& f, Json j) { return first(f, j); };
    Function* const other_name = [](Flow& f, Json j) { return renamed(f, j); };
    Function* const other_amount = [](Flow& f, Json j) { return dearer(f, j); };
    Function* const nothing = [](Flow&, Json) -> Task<Json> { co_return Json(); };
    CHECK(complaint(was, was, script) == "it fits");
    CHECK_THAT(complaint(was, other_name, script),
               ContainsSubstring("`/do/0/pay` (tool {\"arguments\"") &&
                   ContainsSubstring("it asks for `/do/0/refund`"));
    CHECK_THAT(complaint(was, other_amount, script),
               ContainsSubstring("/asked/arguments/amount: 5 was recorded, 6 is asked for"));
    CHECK_THAT(complaint(was, other_amount, unanswered),
               ContainsSubstring("/arguments/amount: 5 was recorded, 6 is asked for"));
    CHECK_THAT(complaint(was, nothing, script), ContainsSubstring("asks for nothing there"));
}
