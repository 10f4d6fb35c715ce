#include "workflow/sdk/replay.h"

#include "engine/exported_history.h"
#include "workflow/sdk/coroutines.h"

namespace resolute::sdk {

Replayed replay(Code const& code, std::vector<Event> const& history) {
    Coroutines const coroutines(std::make_shared<Code const>(code));
    auto verdicts = compare(coroutines, RunId{}, history);
    return {std::move(verdicts.first), verdicts.compared};
}

Replayed replay(Code const& code, std::string_view history) {
    return replay(code, read_exported(history).value());
}

}  // namespace resolute::sdk
