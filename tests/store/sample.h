// Runs, events and appends that look like the engine's, made from a counter.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/append.h"
#include "engine/message.h"

namespace resolute::testing {

inline constexpr Timestamp noon{1'772'366'400'000'000};  // 2026-03-01T12:00:00Z

// One run whose history grows append by append, with a real chain.
class SampleRun {
  public:
    explicit SampleRun(int shard = 7);

    Append start(std::string const& case_id = "", std::string const& workflow = "demo/refund");
    Append more(int events = 1);
    // The start of a run that says these facts; and what else happens in it.
    Append start(std::vector<Fact> const& facts);
    Append more(std::vector<Fact> const& facts);
    // Asks a person whether to refund: the event and the row.
    Append ask(ApprovalId id);
    // That the run is there, and nothing else.
    Append append() const;
    // The row that goes with the last event.
    RunRow row(RunRow::Status status = RunRow::Status::running) const;
    RunRow waiting(std::string const& code, std::optional<Timestamp> wake_at) const;
    ApprovalRow approval(ApprovalId id, ApprovalStatus status) const;
    UnresolvedRow unresolved(std::string const& step, bool resolved = false) const;
    // Where its history ends now.
    Head end() const { return {sequence_, head_}; }

    RunId id;
    Timestamp now = noon;

  private:
    EncodedEvent event();
    EncodedEvent next(std::int16_t kind, std::string body);

    std::string case_;
    std::string workflow_;
    std::string salt_;
    std::uint64_t sequence_ = 0;
    Digest head_;
};

template <class Identity>
Identity fresh_id() {
    static auto const random = seeded_random(42);
    static Timestamp at = noon;
    at = at + std::chrono::milliseconds(1);  // later ids sort after earlier ones
    return Identity::make(at, *random);
}

Message signal_for(RunId run, std::string const& name);

}  // namespace resolute::testing
