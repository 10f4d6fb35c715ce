// When runs of a workflow start by themselves, as its author wrote it.
//
// Immutable, a part of its Definition. Pure.
#pragma once

#include "workflow/cron.h"
#include "workflow/tree.h"

namespace resolute::workflow {

struct Schedule {
    // At whole multiples of the interval since 1970, so that a new version keeps its beat.
    struct Every {
        Duration interval;
    };
    struct At {
        Cron cron;
        TimeZone zone;
    };
    struct After {  // the end of the latest run
        Duration pause;
    };
    struct On {
        Listen events;
    };
    // What happens to a fire while an earlier run is open: it starts all the same; it is left out;
    // it waits, one at most; or the open one is cancelled first.
    enum class Overlap { allow, skip, buffer, cancel };

    std::variant<Every, At, After, On> when;
    Overlap overlap = Overlap::allow;
    Duration catch_up;  // fires that were missed longer ago are left out
    Duration jitter = {};  // each fire is late by a part of this, always the same part
    std::optional<Template> input;  // `.` is {scheduledAt}; none: just that

    bool has_times() const {
        return std::holds_alternative<Every>(when) || std::holds_alternative<At>(when);
    }
    // The first time after this; nothing when there is none, or it has no times.
    std::optional<Timestamp> next(Timestamp after) const;
    // The types of the events that it starts runs on.
    std::vector<std::string> event_types() const;
};

std::string_view to_string(Schedule::Overlap overlap);
std::optional<Schedule::Overlap> overlap_from(std::string_view name);
// For people: "every PT1H", "0 9 * * mon-fri in Europe/Berlin".
std::string sentence_of(Definition const& definition);

}  // namespace resolute::workflow
