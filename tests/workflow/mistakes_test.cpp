// What an author is told about each mistake: tests/workflow/mistakes holds one workflow for each,
// and below it, as comments that begin with `#>`, every word of the answer.
#include <algorithm>
#include <filesystem>

#include "tests/workflow/catalog.h"
#include "tests/workflow/golden.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::vector<std::filesystem::path> mistakes() {
    auto const* root = std::getenv("RESOLUTE_SOURCE_DIR");
    auto const folder =
        std::filesystem::path(root ? root : ".") / "tests" / "workflow" / "mistakes";
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::string told_about(std::string const& text) {
    auto const definition = workflow::load(text, "workflow.yaml");
    std::string all;
    for (auto const& finding :
         definition ? workflow::lint(**definition, catalog()) : definition.diagnostics())
        all += "#> " + std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " +
               (finding.severity == Severity::warning ? "warning " : "error ") + finding.code +
               ": " + finding.message + (finding.remedy.empty() ? "" : " " + finding.remedy) + "\n";
    return all;
}

}  // namespace

TEST_CASE("every mistake is told with its place and how to mend it") {
    auto const files = mistakes();
    CHECK(files.size() >= 60);
    for (auto const& file : files) {
        auto const text = read_file(file);
        auto const answer = std::min(text.find("#> "), text.size());
        CAPTURE(file.filename().string());
        CHECK(text.substr(answer) != "");
        CHECK(told_about(text.substr(0, answer)) == text.substr(answer));
    }
}
