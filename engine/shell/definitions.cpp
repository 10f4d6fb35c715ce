#include "engine/shell/definitions.h"

#include <cstring>
#include <mutex>

namespace resolute::shell {

std::size_t DefinitionCache::Hash::operator()(Digest const& digest) const noexcept {
    std::size_t head;
    std::memcpy(&head, digest.bytes.data(), sizeof head);
    return head;
}

Orchestrator const* DefinitionCache::find(Digest const& digest) const {
    std::shared_lock lock(mutex_);
    auto const found = loaded_.find(digest);
    return found == loaded_.end() ? nullptr : found->second.get();
}

void DefinitionCache::prepare(Digest const& digest) {
    if (find(digest)) return;
    auto fresh = source_(digest);  // outside the lock: it may read the store and compile
    std::unique_lock lock(mutex_);
    loaded_.try_emplace(digest, std::move(fresh));
}

}  // namespace resolute::shell
