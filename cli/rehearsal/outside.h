// The outside of a rehearsal: the real gates of a project (contracts, policies, schemas), and
// answers from a script instead of systems, models and a memory.
//
// Not thread-safe: everything answers before the call returns.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/project.h"
#include "cli/rehearsal/script.h"
#include "inference/model_handler.h"
#include "memory/case_handler.h"
#include "memory/memory_handler.h"
#include "tools/policy_handler.h"
#include "tools/tool_handler.h"

namespace resolute::cli::rehearsal {

// A clock that stands still until the rehearsal has nothing left to do.
class SkippingClock final : public Clock {
  public:
    explicit SkippingClock(Timestamp at) : now_(at), start_(at) {}
    Timestamp now() const override { return now_; }
    Duration monotonic() const override { return now_ - start_; }
    void skip_to(Timestamp at) { now_ = std::max(now_, at); }

  private:
    Timestamp now_, start_;
};

struct MadeCall {
    std::string tool;
    Json arguments;
    StepId step;
    int attempt = 1;
    bool is_write = false;
};

class ScriptedTools final : public ActivityHandler {
  public:
    ScriptedTools(Compiled const& project, Script const& script, Clock const& clock);

    Admission admit(Proposal const& proposal) const override { return gate_.admit(proposal); }
    Terms terms(ActivityIntent const& intent) const override { return gate_.terms(intent); }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

    tools::ToolHandler const& gate() const { return gate_; }
    std::vector<MadeCall> const& calls() const { return calls_; }
    std::vector<std::string> const& problems() const { return problems_; }

  private:
    ToolAnswer const* answer_for(std::string const& tool, Json const& arguments);

    Script const& script_;
    tools::ToolHandler gate_;
    std::map<std::string, std::size_t> asked_;             // questions so far, by tool
    std::map<std::pair<StepId, int>, ToolAnswer> lost_;    // by attempt
    std::vector<MadeCall> calls_;
    std::vector<std::string> problems_;
};

// Answers from a list; a text goes out as it is, anything else as JSON.
class ScriptedModel final : public inference::Backend {
  public:
    explicit ScriptedModel(Script const& script) : script_(script) {}

    void complete(inference::Prompt const& prompt,
                  std::function<void(inference::BackendReply)> done) override;
    std::string label() const override { return "scripted:test"; }
    bool is_scripted() const override { return true; }
    std::vector<std::string> const& problems() const { return problems_; }

  private:
    Script const& script_;
    std::map<std::string, std::size_t> asked_;
    std::vector<std::string> problems_;
};

// Recalls what the script says, and forgets everything else.
class ScriptedMemory final : public ActivityHandler {
  public:
    ScriptedMemory(Script const& script, Clock const& clock);

    Admission admit(Proposal const& proposal) const override { return gate_.admit(proposal); }
    Terms terms(ActivityIntent const& intent) const override { return gate_.terms(intent); }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const&, std::function<void(Verification)> done) override {
        done({Verdict::undecided, {}, {}});
    }

  private:
    Script const& script_;
    memory::MemoryHandler gate_;  // is asked, and carries out nothing
};

// Keeps the records of cases for as long as the test runs; the run serves the case `test`.
class ScriptedCases final : public ActivityHandler {
  public:
    explicit ScriptedCases(Clock const& clock) : clock_(clock) {}

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const&) const override { return memory::step_terms(); }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const&, std::function<void(Verification)> done) override {
        done({Verdict::undecided, {}, {}});
    }

  private:
    Clock const& clock_;
    std::map<std::string, Json> records_;
};

}  // namespace resolute::cli::rehearsal
