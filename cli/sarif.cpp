#include "cli/sarif.h"

#include <algorithm>
#include <set>

namespace resolute::cli {
namespace {

Json result_of(Diagnostic const& finding) {
    auto const text =
        finding.remedy.empty() ? finding.message : finding.message + " " + finding.remedy;
    Json location{{"artifactLocation", {{"uri", finding.file}}}};
    if (finding.line > 0)
        location["region"] = {{"startLine", finding.line},
                              {"startColumn", std::max(finding.column, 1)}};
    Json result{{"ruleId", finding.code},
                {"level", finding.severity == Severity::error ? "error" : "warning"},
                {"message", {{"text", text}}}};
    if (!finding.file.empty())
        result["locations"] = Json::array({{{"physicalLocation", std::move(location)}}});
    return result;
}

}  // namespace

Json to_sarif(Diagnostics const& diagnostics) {
    Json results = Json::array();
    std::set<std::string> codes;
    for (auto const& finding : diagnostics) {
        results.push_back(result_of(finding));
        codes.insert(finding.code);
    }
    Json rules = Json::array();
    for (auto const& code : codes) rules.push_back({{"id", code}});
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs",
             Json::array({{{"tool", {{"driver", {{"name", "resolute lint"}, {"rules", rules}}}}},
                           {"results", std::move(results)}}})}};
}

}  // namespace resolute::cli
