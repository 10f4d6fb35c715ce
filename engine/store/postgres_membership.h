// Members, their leases and their shards in PostgreSQL; leases run on the database's clock alone.
//
// Thread-safe: one connection behind a mutex; every call blocks for a round trip or a few. Throws
// StoreUnavailable while the database cannot be reached.
#pragma once

#include <mutex>
#include <string>

#include "engine/store/session.h"

namespace resolute::store {

class PostgresMembership final : public Membership {
  public:
    explicit PostgresMembership(std::string url);

    MemberId join(std::string const& name, int writers, Duration lease) override;
    void renew(MemberId member, Duration lease) override;
    std::vector<int> claim(MemberId member) override;
    std::vector<int> surplus(MemberId member) override;
    void release(MemberId member, std::vector<int> const& shards) override;
    void leave(MemberId member) override;

  private:
    struct View {
        std::vector<std::optional<MemberId>> owners;  // who live
        std::vector<MemberId> rows;                   // as stored; zeros: nobody
        std::vector<MemberId> live;
    };
    static View look(Connection& connection);

    std::mutex mutex_;
    Session session_;
};

}  // namespace resolute::store
