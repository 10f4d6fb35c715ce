// Failures on demand: what goes wrong with which payment, and how often.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace refund::payments {

enum class FaultKind {
    lost_before_commit,
    lost_after_commit,    // the connection closes without an answer
    error_before_commit,
    error_after_commit,  // 500
    crash_before_commit,
    crash_after_commit,  // the process dies
    slow,                                     // the answer comes late
    refuse                                    // a business refusal, 422
};

struct Fault {
    FaultKind kind = FaultKind::slow;
    resolute::Json match;                     // members that a request's body must have
    int times = 1;  // still to come
    int fired = 0;
    std::chrono::milliseconds delay{0};
};

// Thread-safe. In memory only: after a restart there are those of the --faults file, armed afresh.
class Faults {
  public:
    // {"match": {"payment_id": "…"}, "fault": "lost_after_commit", "times": 1, "delay_ms": 0}; the
    // reason when it cannot be read.
    std::optional<std::string> add(resolute::Json const& json);
    // The fault for this request, used up once.
    std::optional<Fault> take(resolute::Json const& body);
    // All of them with what is left and how often each fired: a fault that never fired tested
    // nothing.
    resolute::Json list() const;

  private:
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
};

}  // namespace refund::payments
