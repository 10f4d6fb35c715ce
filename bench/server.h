// The PostgreSQL server that everything is measured on, and what work costs there and here.
//
// Made fresh in a folder of its own and removed at the end. Used by one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "cli/private_postgres.h"
#include "engine/store/connection.h"

namespace resolute::bench {

// What had been used up at a moment; the difference of two is what the work between them cost.
struct Usage {
    double wall_s = 0;
    double engine_cpu_s = 0;    // of this process
    double server_cpu_s = 0;    // of the server and all its sessions
    std::int64_t wal_bytes = 0;
    std::uint64_t allocations = 0;     // of this process
    std::int64_t transactions = 0;     // one round trip each, of all sessions
    std::int64_t dead_rows = 0;        // left for vacuum by updates and deletes
    std::int64_t dead_entries = 0;     // those of them that are in an index too

    Usage operator-(Usage const& before) const {
        return {wall_s - before.wall_s,
                engine_cpu_s - before.engine_cpu_s,
                server_cpu_s - before.server_cpu_s,
                wal_bytes - before.wal_bytes,
                allocations - before.allocations,
                transactions - before.transactions,
                dead_rows - before.dead_rows,
                dead_entries - before.dead_entries};
    }
};

class Server {
  public:
    Server();  // starts it and brings its schema up to date
    // Makes the files of its log, so that they are used again from then on, as on every server that
    // has run for a while; a fresh one would make each while it is measured. Takes some seconds.
    void wear_in();
    void checkpoint();  // what the log holds is in the tables, and its files are free again
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    ~Server();

    std::string url() const { return postgres_->connection_string(); }
    std::map<std::string, std::string> settings();
    Usage usage();

  private:
    double cpu_seconds() const;

    std::filesystem::path folder_;
    std::unique_ptr<cli::PrivatePostgres> postgres_;
    std::unique_ptr<store::Connection> watch_;
};

double seconds_now();  // of a clock that never goes back

}  // namespace resolute::bench
