#include "tools/load.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/limits.h"
#include "tools/contract_reader.h"

namespace resolute::tools {
namespace {

std::vector<std::filesystem::path> yaml_files(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::is_directory(folder)) return files;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        auto const extension = entry.path().extension();
        if (entry.is_regular_file() && (extension == ".yaml" || extension == ".yml"))
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

template <class T>
void read_all(std::filesystem::path const& folder, Environment const& environment,
              Result<T> (*read)(std::string_view, std::string const&, Environment const&),
              std::vector<T>& into, Diagnostics& problems) {
    for (auto const& path : yaml_files(folder)) {
        std::ifstream stream(path, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        if (!stream) {
            problems.push_back({.code = codes::malformed_yaml,
                                .message = "The file cannot be read.",
                                .remedy = "Check its permissions.",
                                .file = path.string()});
            continue;
        }
        auto one = read(text.str(), path.string(), environment);
        if (one)
            into.push_back(std::move(*one));
        else
            problems.insert(problems.end(), one.diagnostics().begin(), one.diagnostics().end());
    }
}

}  // namespace

Result<ProjectTools> load_tools(std::filesystem::path const& project,
                                Environment const& environment) {
    ProjectTools tools;
    Diagnostics problems;
    read_all(project / "tools", environment, &read_contract, tools.contracts, problems);
    read_all(project / "servers", environment, &read_server, tools.servers, problems);
    if (!problems.empty()) return problems;
    return tools;
}

}  // namespace resolute::tools
