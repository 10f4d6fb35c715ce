#include "base/result.h"

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("a diagnostic reads like a compiler's message") {
    Diagnostic diagnostic{.code = "unknown_tool",
                          .message = "`refnd` is not a tool.",
                          .remedy = "Did you mean `refund`?",
                          .file = "a.yaml",
                          .line = 3,
                          .column = 7};
    CHECK(to_string(diagnostic) == "a.yaml:3:7: `refnd` is not a tool. Did you mean `refund`?");
    diagnostic.severity = Severity::warning;
    diagnostic.line = 0;
    diagnostic.pointer = "/do/0";
    CHECK(to_string(diagnostic) ==
          "a.yaml: warning: `refnd` is not a tool. (at /do/0) Did you mean `refund`?");
}

TEST_CASE("a result holds either its value or all diagnostics") {
    Result<int> good(7);
    REQUIRE(good);
    CHECK(*good == 7);
    Result<int> bad(Diagnostics{{.message = "One."}, {.message = "Two."}});
    REQUIRE_FALSE(bad);
    CHECK(bad.diagnostics().size() == 2);
    CHECK_THROWS_WITH(std::move(bad).value(), "One.\nTwo.");
}
