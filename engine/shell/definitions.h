// The definitions that this process has loaded, by digest; immutable, so never thrown away.
//
// Thread-safe. `find` never blocks on the store; `prepare` may.
#pragma once

#include <functional>
#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "base/digest.h"
#include "engine/orchestrator.h"

namespace resolute::shell {

class DefinitionCache {
  public:
    // Reads and compiles a definition; throws with a plain sentence when it is not stored or not
    // usable.
    using Source = std::function<std::unique_ptr<Orchestrator const>(Digest const&)>;

    explicit DefinitionCache(Source source) : source_(std::move(source)) {}

    Orchestrator const* find(Digest const& digest) const;
    void prepare(Digest const& digest);

  private:
    struct Hash {
        std::size_t operator()(Digest const& digest) const noexcept;
    };
    Source source_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<Digest, std::unique_ptr<Orchestrator const>, Hash> loaded_;
};

}  // namespace resolute::shell
