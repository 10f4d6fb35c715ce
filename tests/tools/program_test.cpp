// Programs that workflows bring along, run for real.
#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tools/program_contracts.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Registry const> programs(std::set<std::string> const& enabled) {
    Registry::Parts parts;
    parts.contracts = program_contracts(enabled);
    return Registry::make(std::move(parts)).value();
}

Outcome run(Json arguments, std::string const& language = "shell") {
    Stand stand(programs({language}));
    return stand.call("run." + language, std::move(arguments));
}

}  // namespace

TEST_CASE("a command gets its input, arguments and environment, and prints its result") {
    CHECK(output_of(run({{"command", R"(echo "$(cat) $1 $2 $COLOR $RESOLUTE_IDEMPOTENCY_KEY")"},
                         {"stdin", "Hello"},
                         {"arguments", {"Foo; rm", 7}},
                         {"environment", {{"COLOR", "red"}}}})) == "Hello Foo; rm 7 red rk_1");
    CHECK(output_of(run({{"command", "cat"}, {"stdin", {{"a", 1}}}})) == R"({"a":1})");
    CHECK(output_of(run({{"command", "cat"}, {"stdin", nullptr}})) == "");
    CHECK(output_of(run({{"command", "printf 'a\\n\\nb\\n\\n'"}})) == "a\n\nb");
    CHECK(output_of(run({{"command", "printf '\\377'"}})) == "\xEF\xBF\xBD");
}

TEST_CASE("what comes back is what was asked for") {
    Json const loud{{"command", "echo out; echo err >&2; exit 3"}};
    auto asked = [&](char const* what) {
        auto arguments = loud;
        arguments["return"] = what;
        return run(std::move(arguments));
    };
    CHECK(output_of(asked("code")) == 3);
    CHECK(output_of(asked("all")) == Json{{"code", 3}, {"stdout", "out"}, {"stderr", "err"}});
    for (auto const* what : {"stdout", "stderr", "none"}) {
        auto const why = failure_of(asked(what));
        CHECK(why.code == codes::tool_refused);
        CHECK(why.detail == "`run.shell` exited with code 3: err\n");
    }
    CHECK(output_of(run({{"command", "echo err >&2"}, {"return", "stderr"}})) == "err");
    CHECK(output_of(run({{"command", "echo out"}, {"return", "none"}})).is_null());
}

TEST_CASE("standard error that is asked for comes whole") {
    Json const arguments{{"command", "head -c 100000 /dev/zero | tr '\\0' x >&2"},
                         {"return", "stderr"}};
    CHECK(output_of(run(arguments)).get<std::string>().size() == 100000);
}

TEST_CASE("scripts find their arguments where their language has them") {
    CHECK(output_of(run({{"code",
                          "import sys, os\nprint(sys.argv[1], sys.stdin.read(), "
                          "os.environ['COLOR'])"},
                         {"arguments", {"-x"}},
                         {"stdin", "in"},
                         {"environment", {{"COLOR", "red"}}}},
                        "python")) == "-x in red");
    CHECK(output_of(run({{"code",
                          "const [_, __, first] = process.argv;\n"
                          "const text = await new Promise((done) => {\n"
                          "  let all = '';\n"
                          "  process.stdin.on('data', (part) => (all += part));\n"
                          "  process.stdin.on('end', () => done(all));\n"
                          "});\nconsole.log(first, JSON.parse(text).a);"},
                         {"arguments", {"-x"}},
                         {"stdin", {{"a", 1}}}},
                        "javascript")) == "-x 1");
}

TEST_CASE("arguments by name are variables of the script, whatever is in them") {
    Json const hard = "\"'\\ \n ${x} `b` \u00e9 \U0001F600 </script>";
    Json const arguments{{"message", hard}, {"n", 2}, {"list", {1, {{"a", nullptr}}}}};
    auto const said = R"(["x",2,[1,{"a":null}]])";
    CHECK(output_of(run({{"code", "console.log(message)"}, {"arguments", arguments}},
                        "javascript")) == hard);
    CHECK(output_of(run(
              {{"code", "console.log(JSON.stringify(['x', n, list]))"}, {"arguments", arguments}},
              "javascript")) == said);
    CHECK(output_of(run({{"code", "print(message)"}, {"arguments", arguments}}, "python")) == hard);
    CHECK(output_of(run(
              {{"code", "import json\nprint(json.dumps(['x', n, list], separators=(',', ':')))"},
               {"arguments", arguments}},
              "python")) == said);
    CHECK(std::holds_alternative<Rejected>(
        Stand(programs({"python"}))
            .handler.admit(proposal("run.python", {{"code", "1"}, {"arguments", {{"a b", 1}}}}))));
}

TEST_CASE("a program sees nothing of the engine's environment") {
    CHECK(output_of(run({{"command", "env | cut -d= -f1 | sort | tr '\\n' ' '"}})) ==
          "LANG PATH PWD RESOLUTE_IDEMPOTENCY_KEY ");
    CHECK(output_of(run({{"command", "pwd"}})) == "/tmp");
}

TEST_CASE("nobody knows what a program did that was killed, or stopped at its time") {
    CHECK(std::holds_alternative<outcome::Unknown>(run({{"command", "kill -9 $$"}})));
    Stand stand(programs({"shell"}));
    auto attempt = stand.permitted("run.shell", {{"command", "exec sleep 1000"}});
    attempt.deadline = stand.clock.now() + 50ms;
    CHECK(std::holds_alternative<outcome::Unknown>(stand.perform(attempt)));
}

TEST_CASE("no program runs without a policy that permits it and an operator who enabled it") {
    auto const registry = programs({"shell"});
    Stand stand(registry, policies(*registry,
                                   "policy: none\nversion: 1.0.0\nrules:\n  - name: n\n"
                                   "    title: Nothing else\n    tools: [run.shell]\n"
                                   "    when: $arguments.command == \"never\"\n"
                                   "    decide: permit\n"));
    auto const admission = stand.handler.admit(proposal("run.shell", {{"command", "true"}}));
    CHECK(std::holds_alternative<Denied>(admission));
    CHECK(program_contracts({}).empty());
    CHECK(program_contracts({"python", "shell"}).size() == 2);
}
