// What runs did, against another version of their workflow: would it have asked for the same, and
// which open runs may follow it. For the API and the command line alike.
//
// Thread-safe as the read model is; blocking; throws StoreUnavailable. Reads a history page by page
// and keeps none of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/comparison.h"
#include "engine/store/read_model.h"
#include "workflow/tree.h"

namespace resolute::console {

struct Checked {
    std::optional<Difference> first;  // none: it fits
    std::uint64_t sequence = 0;  // of the last event that was looked at
    std::uint64_t compared = 0;  // facts that the workflow asked for as they were recorded
};

// What becomes of an open run: `legal` until it was asked to follow, `untaken` until it has.
enum class Fate { illegal, legal, migrated, moved_on, untaken };
std::string_view name(Fate fate);

// An open run that follows another definition than the one in question.
struct Candidate {
    RunRow row;
    std::optional<Difference> difference;  // why it may not
    std::uint64_t sequence = 0;  // up to which it was checked
    Fate fate = Fate::illegal;
};
struct CandidatePage {
    std::vector<Candidate> all;
    std::string next;  // the cursor of the page after it; "": there is none
};

class Versions {
  public:
    using Definition = std::shared_ptr<workflow::Definition const>;
    struct Published {
        // In force or not: of a version, or whose digest begins so; nullptr: there is none.
        std::function<Definition(std::string const& name, std::string const& version_or_digest)>
            find;
        std::function<bool(Digest const& digest)> is_code;
    };

    // The read model outlives it.
    Versions(store::ReadModel& reads, Published published)
        : reads_(reads), published_(std::move(published)) {}

    Definition find(std::string const& workflow, std::string const& version_or_digest) const {
        return published_.find(workflow, version_or_digest);
    }
    bool is_code(Digest const& digest) const { return published_.is_code(digest); }

    Checked replay(RunRow const& run, Definition const& against) const;
    // Looks at `limit` open runs of the workflow. `cursor`: "" or of the page before; none when it
    // is not one of ours.
    std::optional<CandidatePage> candidates(Definition const& to, std::string const& cursor,
                                            std::size_t limit) const;

  private:
    Candidate judge(Orchestrator const& workflow, RunRow const& row) const;

    store::ReadModel& reads_;
    Published published_;
};

Json to_json(std::optional<Difference> const& difference);  // {sequence, step, sentence} or null
Json replayed_json(RunRow const& run, WorkflowRef const& against, Checked const& checked);
Json candidate_json(Candidate const& candidate);

}  // namespace resolute::console
