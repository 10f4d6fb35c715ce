// libjq is the judge of what our own evaluation and our own analysis say.
#include "tests/catch.h"
#include "tests/workflow/expression_generator.h"
#include "workflow/expression_token.h"
#include "workflow/input_use.h"
#include "workflow/jq_process.h"
#include "workflow/json_order.h"
#include "workflow/native_expression.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

// Evaluates many expressions in one program, because compiling costs more than all of them
// together. Each comes to an array of its values, or to "failed".
Json judge(std::vector<std::string> const& attempts, Json const& input, Json const& context) {
    std::string program = ". as [$dot,$context] | $dot | [";
    for (auto const& attempt : attempts)
        program += (&attempt == &attempts.front() ? "\n" : ",\n") + attempt;
    program += "]";
    auto const answer = jq_pool().ask(program, Json::array({input, context}).dump());
    INFO(program);
    INFO(answer.text);
    REQUIRE(answer.ending == JqEnding::value);
    return Json::parse(answer.text);
}

std::string attempt(std::string const& expression) {
    return "(try [" + expression + "] catch \"failed\")";
}

struct Candidate {
    std::string text;
    native::NodePtr root;
};

std::vector<Candidate> native_candidates(Generator& generate, std::size_t count) {
    std::vector<Candidate> candidates;
    while (candidates.size() < count) {
        auto text = generate.native(3);
        auto const tokens = tokenize(text);
        if (!tokens) continue;
        if (auto root = native::parse(*tokens))
            candidates.push_back({std::move(text), std::move(root)});
    }
    return candidates;
}

}  // namespace

TEST_CASE("what is evaluated natively is what libjq says") {
    Generator generate(20260301);
    int decided = 0;
    int left_to_jq = 0;
    for (int round = 0; round < 200; ++round) {
        auto const candidates = native_candidates(generate, 50);
        std::vector<std::string> attempts;
        for (auto const& candidate : candidates) attempts.push_back(attempt(candidate.text));
        for (int scope_count = 0; scope_count < 10; ++scope_count) {
            Json const input = scope_count == 0 ? generate.value(3) : generate.object(3);
            Json const context = generate.object(3);
            auto const expected = judge(attempts, input, context);
            for (std::size_t i = 0; i < candidates.size(); ++i) {
                auto const outcome =
                    native::evaluate(*candidates[i].root, {&input, {{"context", &context}}});
                Json said = "failed";
                if (auto const* value = std::get_if<Json>(&outcome))
                    said = Json::array({*value});
                else if (std::get<native::Ending>(outcome) == native::Ending::none)
                    said = Json::array();
                else if (std::get<native::Ending>(outcome) != native::Ending::failed) {
                    ++left_to_jq;
                    continue;
                }
                ++decided;
                if (compare_json(said, expected[i]) == 0) continue;
                FAIL(candidates[i].text << "\n  . = " << input << "\n  $context = " << context
                                        << "\n  here: " << said << "\n  libjq: " << expected[i]);
            }
        }
    }
    INFO(decided << " decided, " << left_to_jq << " left to libjq");
    CHECK(decided + left_to_jq == 100'000);
    CHECK(decided > left_to_jq);
}

TEST_CASE("an expression comes to the same when its input holds only what it is said to read") {
    Generator generate(20260302);
    int projected = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> texts;
        std::vector<std::string> attempts;
        while (texts.size() < 25) {
            auto text = generate.any(3);
            auto const tokens = tokenize(text);
            REQUIRE(tokens);
            auto const use = input_use(*tokens);
            if (use.everything) continue;
            std::string const members =
                Json(std::vector<std::string>(use.members.begin(), use.members.end())).dump();
            attempts.push_back(attempt(text));
            attempts.push_back(
                "((if type == \"object\" then with_entries(select(.key as $k | any(" + members +
                "[]; . == $k))) else . end) | " + attempt(text) + ")");
            texts.push_back(std::move(text));
        }
        for (int scope_count = 0; scope_count < 3; ++scope_count) {
            Json const input = generate.object(3);
            auto const results = judge(attempts, input, generate.object(2));
            for (std::size_t i = 0; i < texts.size(); ++i, ++projected) {
                if (results[2 * i] == results[2 * i + 1]) continue;
                FAIL(texts[i] << "\n  . = " << input << "\n  in full: " << results[2 * i]
                              << "\n  projected: " << results[2 * i + 1]);
            }
        }
    }
    CHECK(projected >= 4500);
}
