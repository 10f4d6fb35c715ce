#include "examples/code_first/statement.h"

#include <filesystem>
#include <fstream>

namespace refund_in_code {
namespace {

sdk::Task<Letter> state(sdk::Flow& flow, Closed closed) {
    auto writing = flow.perform<Letter>("write", "letters.write", closed);
    co_return co_await writing;
}

std::string file_of(sdk::ActivityCall const& call) { return call.key + ".txt"; }

// Whole or not at all: it is written beside its place and moved there.
Letter write(std::filesystem::path const& folder, Closed const& closed,
             sdk::ActivityCall const& call) {
    std::filesystem::create_directories(folder);
    auto const place = folder / file_of(call);
    auto const draft = folder / (file_of(call) + ".draft");
    std::ofstream(draft) << closed.case_id << ": " << closed.resolution << "\n"
                         << closed.summary << "\n";
    std::filesystem::rename(draft, place);
    return {file_of(call)};
}

std::optional<Letter> find(std::filesystem::path const& folder, sdk::ActivityCall const& call) {
    if (!std::filesystem::exists(folder / file_of(call))) return std::nullopt;
    return Letter{file_of(call)};
}

}  // namespace

sdk::Code statement_workflow() {
    return sdk::workflow("refunds/statement-in-code", "1.0.0", state);
}

void add_letters(sdk::Activities& activities, std::string const& folder) {
    std::filesystem::path const place = folder;
    activities.add<Letter, Closed>(
        "letters.write", {.effect = resolute::Effect::write, .is_idempotent = true},
        [place](Closed const& closed, sdk::ActivityCall const& call) {
            return write(place, closed, call);
        },
        [place](Closed const&, sdk::ActivityCall const& call) { return find(place, call); });
}

}  // namespace refund_in_code
