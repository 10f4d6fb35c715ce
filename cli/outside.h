// What commands about runs need of a database: to read, to post into the inbox, and the time.
//
// Not thread-safe; throws StoreUnavailable while the database cannot be reached.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "engine/message.h"
#include "engine/store/inbox.h"
#include "engine/store/read_model.h"

namespace resolute::cli {

inline constexpr char tenant[] = "default";

struct Outside {
    explicit Outside(std::string const& url) : reads(url), inbox(url), random(system_random()) {}
    store::ReadModel reads;
    store::Inbox inbox;
    SystemClock clock;
    std::unique_ptr<Random> random;

    void post(RunId run, decltype(Message::content) content) {
        inbox.post({MessageId::make(clock.now(), *random), run, std::move(content)});
    }
};

// Both complain when there is none.
std::optional<RunId> parse_run(std::string const& text);
std::optional<RunRow> find_run(store::ReadModel& reads, std::string const& text);

}  // namespace resolute::cli
