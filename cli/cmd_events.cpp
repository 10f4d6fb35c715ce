// emit: an event for whoever listens.
#include "base/limits.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/output.h"
#include "console/surface.h"
#include "engine/ids.h"
#include "engine/store/inbox.h"

namespace resolute::cli {

int emit(Config const& config, EmitOptions const& options, bool json) {
    auto const data = read_input(options.data);
    if (!data) return print_diagnostics(data.diagnostics(), false), exit_bad_input;
    auto const database = open_database(config, MayStart::no);
    auto const random = system_random();
    auto const now = SystemClock().now();
    Json event{{"specversion", "1.0"},
               {"id", options.id.empty() ? to_string(MessageId::make(now, *random)) : options.id},
               {"source", options.source},
               {"type", options.type},
               {"time", to_string(now)},
               {"data", *data}};
    if (!options.subject.empty()) event["subject"] = options.subject;
    bool const fresh = store::Inbox(database.url).post_event(console::tenant, event);
    if (json)
        print_json({{"accepted", true}, {"new", fresh}, {"id", event["id"]}});
    else
        say(fresh ? "The event is stored; the step that listens for it is given it."
                  : "An event with this source and id is known already; nothing has changed.");
    return exit_ok;
}

}  // namespace resolute::cli
