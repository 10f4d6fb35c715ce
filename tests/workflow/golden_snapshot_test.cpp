#include "tests/engine/prefixes.h"
#include "tests/workflow/golden.h"

using namespace resolute;
using namespace resolute::testing;

TEST_CASE("every recorded history can be resumed from a snapshot of each of its prefixes") {
    std::size_t count = 0;
    for (auto const& folder : std::filesystem::directory_iterator(histories())) {
        if (!std::filesystem::exists(folder.path() / "history.jsonl")) continue;
        CAPTURE(folder.path().filename().string());
        auto const random = seeded_random(1);
        check_snapshots_at_every_prefix(RunId::make({}, *random),
                                        read_history(folder.path() / "history.jsonl"));
        ++count;
    }
    CHECK(count >= 3);
}
