#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

// A tool that runs a line of shell.
std::string shell(std::string const& line, std::string const& effect = "write") {
    return "tool: t\nversion: 1.0.0\neffect: " + effect + "\n" +
           (effect == "read" ? "" : "unsafe: human_resolves\n") +
           "input: { type: object }\noutput: { type: object, required: [ok] }\n" +
           "call: { process: { command: [sh, -c, '" + line +
           "'], env: { TOKEN: \"${PAYMENTS_TOKEN}\" } } }\n";
}

Outcome run(std::string const& line, std::string const& effect = "write") {
    Stand stand(registry({shell(line, effect)}));
    return stand.call("t", {{"x", 1}});
}

}  // namespace

TEST_CASE("a program reads its arguments and key and prints its result") {
    auto const outcome =
        run(R"(read a; echo "{\"ok\":true,\"got\":$a,\"key\":\"$RESOLUTE_IDEMPOTENCY_KEY\"}")");
    REQUIRE(kind_of(outcome) == "succeeded");
    CHECK(std::get<outcome::Succeeded>(outcome).output.json() ==
          Json{{"ok", true}, {"got", {{"x", 1}}}, {"key", "rk_1"}});
}

TEST_CASE("how a program ends says what is known") {
    CHECK(kind_of(run("exit 65")) == "failed");
    CHECK(kind_of(run("exit 75")) == "failed, retry");
    CHECK(kind_of(run("exit 1")) == "unknown");
    CHECK(kind_of(run("exit 1", "read")) == "failed, retry");
    CHECK(kind_of(run("kill -9 $$")) == "unknown");
    CHECK(kind_of(run("echo nonsense")) == "unknown");
    CHECK(kind_of(run("echo {}")) == "unknown");
    CHECK(kind_of(run("true")) == "unknown");
}

TEST_CASE("a program that does not exist was surely not run") {
    Stand stand(registry({changed(shell(""), "sh, -c, ''", "/nowhere/program")}));
    auto const outcome = stand.call("t", Json::object());
    CHECK(kind_of(outcome) == "failed, retry");
    CHECK(std::get<outcome::Failed>(outcome).error.code == codes::not_sent);
}

TEST_CASE("a program that takes too long is stopped, and nobody knows what it did") {
    Stand stand(registry({shell("exec sleep 1000")}));
    auto attempt = stand.permitted("t", Json::object());
    attempt.deadline = stand.clock.now() + 50ms;
    auto const outcome = stand.perform(attempt);
    CHECK(kind_of(outcome) == "unknown");
    CHECK(std::get<outcome::Unknown>(outcome).why.code == codes::no_answer);
}

TEST_CASE("what a program complains is evidence, without its secrets") {
    auto const outcome = run("echo my token is $TOKEN >&2; exit 65");
    auto const& failed = std::get<outcome::Failed>(outcome);
    CHECK(failed.evidence.json().at("errors") == "my token is [secret]\n");
    CHECK(failed.error.detail.find(secret_token) == std::string::npos);
}
