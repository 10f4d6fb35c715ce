// The tools of a simulated world and the gate before them: policies that change, approvals that
// are asked for, effects of every class.
//
// A name says what a tool is: "gated_b2" asks one person, belongs to class B and has the terms of
// variant 2. A: honours our key for a while. B: can be asked what it did. C: neither.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/activity_handler.h"

namespace resolute::simulation {

enum class ToolClass { a, b, c };

struct ToolName {
    enum class Gate { read, peek, open, gated, pair, denied };
    Gate gate = Gate::read;
    ToolClass tool_class = ToolClass::a;
    int variant = 0;

    static ToolName parse(std::string const& text);
    bool reads() const { return gate == Gate::read || gate == Gate::peek; }
};

inline constexpr int tool_variants = 4;
// How long a system of class A remembers a key: what its contract says, from the admission of the
// call on, and in truth a little longer, because requests are late and doubled on their way.
Duration key_window(ActivityIntent const& intent);
inline constexpr Duration longest_way = std::chrono::seconds(15);
inline constexpr char initiator[] = "initiator";

// When which version of a tool's policy was in force. The latest is in force now.
struct PolicyLog {
    struct Entry {
        Timestamp since;
        int version = 0;
        bool denies = false;
    };
    std::map<std::string, std::vector<Entry>> by_tool;

    Entry in_force(std::string const& tool) const;
    bool was_in_force(std::string const& tool, int version, Timestamp from, Timestamp until) const;
    void change(std::string const& tool, Timestamp at, bool denies);
};

class SimulatedTools final : public ActivityHandler {
  public:
    explicit SimulatedTools(PolicyLog const& policies) : policies_(policies) {}

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    // The world performs effects itself, in its own time.
    void perform(Attempt const&, std::function<void(Outcome)>) override;
    void verify(Attempt const&, std::function<void(Verification)>) override;

  private:
    PolicyLog const& policies_;
};

}  // namespace resolute::simulation
