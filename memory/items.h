// What the engine was told to remember, in PostgreSQL: append-only, superseded but not erased.
//
// Used by one thread at a time, blocking; throws StoreUnavailable.
#pragma once

#include <string>
#include <vector>

#include "base/payload.h"
#include "engine/ids.h"
#include "engine/store/connection.h"

namespace resolute::memory {

struct Place {
    std::string tenant;
    std::string scope;     // case, customer, workflow, org
    std::string subject;   // whom or what it is about
    std::string key;
};

struct Item {
    Uuid id{};
    Place place;
    Payload value;
    std::string class_name;   // public, internal, confidential, secret
    std::string integrity;    // system, user, verified_tool, untrusted
    Payload source;           // the run and the step that it came from
    std::string writer;
    Timestamp recorded_at;
};

class Items {
  public:
    explicit Items(store::Connection& connection) : connection_(connection) {}

    void remember(Item const& item);   // the same id again changes nothing
    std::vector<Item> recall(Place const& place, std::string const& words, Timestamp now,
                             int limit);
    int forget(Place const& place, Timestamp now);  // how many items

    struct Standing {
        bool is_kept = false;      // an item with this id, whether it is still known or not
        bool is_anything_known = false;  // in this place
    };
    Standing standing(Uuid const& id, Place const& place);

  private:
    store::Connection& connection_;
};

}  // namespace resolute::memory
