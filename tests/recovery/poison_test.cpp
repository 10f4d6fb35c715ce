#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/json.h"
#include "engine/names.h"
#include "engine/store/quarantine.h"
#include "engine/store/read_model.h"
#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/postgres/test_database.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// Runs the engine to its end: its exit code, or 128 and the signal that ended it.
int run_engine(std::string const& url, char const* task) {
    auto const* folder = std::getenv("RESOLUTE_BIN_DIR");
    REQUIRE(folder);
    auto const program = std::string(folder) + "/poison_engine";
    auto const child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        execl(program.c_str(), "poison_engine", url.c_str(), task, nullptr);
        _exit(127);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

SCENARIO("a run that kills its process is set aside, and its neighbours go on") {
    TestDatabase const database("migrated", [](std::string const& url) { store::migrate(url); });
    auto const& url = database.connection_string();
    int deaths = 0;
    int ended = run_engine(url, "begin");
    while (ended == 128 + SIGABRT && deaths < 10) {
        ++deaths;
        ended = run_engine(url, "resume");
    }
    REQUIRE(ended == 0);
    // Unknown at first, then together with others, then alone, and alone once more.
    CHECK(deaths >= 3);
    CHECK(deaths <= 5);

    store::ReadModel reads(url);
    auto counts = reads.counts("default").runs;
    CHECK(counts["completed"] == 5);
    REQUIRE(counts["quarantined"] == 1);
    auto const aside = reads.runs({.status = RunRow::Status::quarantined}, 10).runs.front();
    CHECK(aside.workflow.name == "test/poison");
    CHECK(aside.waits_sentence.find("brought its process down") != std::string::npos);
    auto const bundle = Json::parse(reads.bundle_of(aside.run));
    CHECK(bundle["openCalls"][0]["target"] == "boom");
    CHECK_FALSE(bundle["lastEvents"].empty());

    REQUIRE(store::release(url, aside.run, aside.updated_at));
    REQUIRE_FALSE(store::release(url, aside.run, aside.updated_at));
    CHECK(reads.bundle_of(aside.run).empty());
    REQUIRE(run_engine(url, "mended") == 0);
    CHECK(reads.run(aside.run)->status == RunRow::Status::completed);
}
