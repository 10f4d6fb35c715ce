// The systems of record outside the engine: what really happened, by idempotency key.
//
// They survive every crash of the engine and are what the checks compare histories with.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "tests/simulation/tools.h"

namespace resolute::simulation {

struct Effects {
    int applied = 0;         // times that the effect really happened
    int arrived = 0;         // requests
    int under_way = 0;       // sent, not arrived yet
    ToolClass tool_class = ToolClass::a;
    std::string request;     // of the first one, exactly
    bool differs = false;    // a later one had other bytes
    Timestamp applied_at;    // the last time
};

struct Outside {
    std::map<std::string, Effects> by_key;

    void expect(std::string const& key) { ++by_key[key].under_way; }
    void receive(std::string const& key, ToolClass tool_class, std::string const& request,
                 Timestamp now, Duration memory) {
        auto& effects = by_key[key];
        effects.tool_class = tool_class;
        if (effects.arrived++ == 0)
            effects.request = request;
        else if (effects.request != request)
            effects.differs = true;
        bool const is_known = effects.applied > 0 && now - effects.applied_at < memory;
        if (tool_class == ToolClass::a && is_known) return;
        ++effects.applied;
        effects.applied_at = now;
    }
    void arrived(std::string const& key) { --by_key[key].under_way; }

    int applied(std::string const& key) const {
        auto const found = by_key.find(key);
        return found == by_key.end() ? 0 : found->second.applied;
    }
    bool is_settled(std::string const& key) const {
        auto const found = by_key.find(key);
        return found == by_key.end() || found->second.under_way == 0;
    }
};

}  // namespace resolute::simulation
