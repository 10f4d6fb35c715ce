// One life of this process as a member: from joining until it leaves or is fenced. Internal to the
// shell.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/shell/committer.h"
#include "engine/shell/core_loop.h"
#include "engine/shell/engine.h"
#include "engine/shell/keeper.h"
#include "engine/shell/loader.h"

namespace resolute::shell {

class Incarnation {
  public:
    Incarnation(Engine& engine, std::function<void()> fenced);
    ~Incarnation();

    void stop(bool gracefully);

    MemberId member() const { return member_; }
    std::vector<int> shards() const;
    void deliver(Message message, std::function<void(Reply)> done);
    void poke() { keeper_->poke(); }
    void members_changed() { keeper_->members_changed(); }

  private:
    bool has_room_for_messages() const;
    bool has_room_for_runs() const;
    void commit(std::vector<CommitAppend> appends);
    Committer::Callbacks committer_callbacks(std::function<void()> fenced);
    Keeper::Callbacks keeper_callbacks(std::function<void()> fenced);

    Engine& engine_;
    MemberId member_;
    std::shared_ptr<Lease> lease_;
    mutable std::mutex mutex_;
    std::vector<int> shards_;  // guarded by mutex_
    std::shared_ptr<CoreLoop> core_;
    std::vector<std::unique_ptr<Committer>> committers_;
    std::unique_ptr<Loader> loader_;
    std::unique_ptr<Keeper> keeper_;
    bool stopped_ = false;
};

}  // namespace resolute::shell
