#include "engine/activity_handler.h"

namespace resolute {

ActivityIntent unbound(Proposal const& proposal, std::string target, Effect effect) {
    return {.kind = proposal.kind,
            .target = std::move(target),
            .effect = effect,
            .request = proposal.request,
            .key = proposal.key,
            .contract = {},
            .decision = {},
            .binding = {}};
}

}  // namespace resolute
