// The tools of the refund example are sound, fit together, and fit the example's policies.
#include <cstdlib>

#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tools/load.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

std::filesystem::path example() {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    return std::filesystem::path(root ? root : ".") / "examples" / "refund";
}

}  // namespace

TEST_CASE("the tools of the refund example load and fit together") {
    Environment const values{{"PAYMENTS_URL", "http://127.0.0.1:9"},
                             {"RESOLUTE_BIN", "/opt/resolute/bin"},
                             {"ORDERS_DATA", "/opt/resolute/orders.json"}};
    auto loaded = load_tools(example(), values);
    if (!loaded) FAIL(to_string(loaded.diagnostics()));
    auto const tools = Registry::make({.contracts = loaded->contracts, .servers = loaded->servers});
    if (!tools) FAIL(to_string(tools.diagnostics()));
    CHECK((*tools)->names() == std::vector<std::string>{"customers.find_notice", "customers.notify",
                                                        "orders.customer_history",
                                                        "orders.get_order", "payments.find_refund",
                                                        "payments.get_payment", "payments.refund"});
    CHECK((*tools)->find("payments.refund")->effect == Effect::write);
    CHECK((*tools)->find("payments.refund")->terms.can_verify);
    CHECK((*tools)->find("customers.notify")->terms.can_verify);
    for (auto const* read : {"orders.get_order", "orders.customer_history", "payments.get_payment"})
        CHECK((*tools)->find(read)->is_read());
}

TEST_CASE("without the environment, every missing variable is named where it stands") {
    auto const loaded = load_tools(example(), {});
    REQUIRE_FALSE(loaded);
    for (auto const& problem : loaded.diagnostics()) {
        CHECK(problem.code == codes::unknown_variable);
        CHECK(problem.line > 0);
        CHECK(problem.file.find("examples/refund/") != std::string::npos);
    }
}
