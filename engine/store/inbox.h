// Messages from one process to the run that another one owns, and the wake-ups that go with them.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/limits.h"
#include "engine/store/session.h"

namespace resolute::store {

inline constexpr char inbox_channel[] = "resolute_inbox";      // payload: the shard
inline constexpr char members_channel[] = "resolute_members";  // somebody came, went, released
inline constexpr char changes_channel[] = "resolute_changes";  // payload: "definition KIND NAME"
inline constexpr char schedules_channel[] = "resolute_schedules";  // payload: the schedule

// More messages wait than are taken on, for all runs or for one that was set aside; nothing was
// posted.
struct InboxFull : StoreUnavailable {
    using StoreUnavailable::StoreUnavailable;
};

// Thread-safe; blocking. Throws StoreUnavailable.
class Inbox {
  public:
    explicit Inbox(std::string url, std::size_t most_messages = limits::inbox_messages);

    // Durable on return, or InboxFull. The same message again changes nothing, so it may be
    // repeated after StoreUnavailable.
    void post(Message const& message);

    // An event (CloudEvents 1.0) for whoever listens; false: its source and id are known already.
    bool post_event(std::string const& tenant, Json const& event) {
        return post_events(tenant, {event}) == 1;
    }
    // Many in one transaction; answers how many are new.
    std::size_t post_events(std::string const& tenant, std::vector<Json> const& events);

  private:
    std::size_t most_messages_;
    std::mutex mutex_;
    Session session_;
};

// Hears notifications; they are hints, a slow poll of the tables is the truth. Used by one thread
// at a time. After StoreUnavailable make a new one, and look at the tables once.
class Listener {
  public:
    Listener(std::string const& url, std::vector<std::string> const& channels);

    // Readable when `drain` may find something. Owned by the listener: an event loop takes a dup of
    // it.
    int socket() const { return connection_.socket(); }
    std::vector<Notification> drain() { return connection_.take_notifications(); }

  private:
    Connection connection_;
};

}  // namespace resolute::store
