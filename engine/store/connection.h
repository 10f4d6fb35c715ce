// One connection to PostgreSQL: named queries with binary parameters, failures as plain sentences.
//
// Used by one thread at a time; every call blocks. Never reconnects by itself: after ConnectionLost
// it is of no use. Hides the differences between libpqxx 6.4 and 7.10, and libpqxx itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/store/parameters.h"
#include "engine/store/query.h"
#include "engine/store/rows.h"

namespace resolute::store {

// The connection broke during a statement: whether it was carried out is not known.
struct ConnectionLost : StoreUnavailable {
    using StoreUnavailable::StoreUnavailable;
};
// The database refused a statement: nothing of it was carried out.
struct StatementRefused : StoreUnavailable {
    StatementRefused(std::string code, std::string const& sentence)
        : StoreUnavailable(sentence), sqlstate(std::move(code)) {}
    std::string sqlstate;
};

struct ConnectionOptions {
    std::string url;  // of libpq: keywords or a URI
    std::string application = "resolute";  // shown in pg_stat_activity
    Duration statement_timeout = std::chrono::seconds(30);  // zero: none
    // fixed: planned once, for any parameters and any statistics, by index alone: for the
    // statements of the hot path. adaptive: planned for the parameters at hand.
    enum class Plans { adaptive, fixed } plans = Plans::adaptive;
};

struct Notification {
    std::string channel;
    std::string payload;
};

class Connection {
  public:
    // Connects. Throws StoreUnavailable with a remedy; no message holds a password.
    explicit Connection(ConnectionOptions const& options);
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    // One round trip, prepared on first use; commits by itself unless a Transaction is open.
    Rows run(Query const& query, Parameters const& parameters = {});
    // Several statements at once, without parameters.
    void run_script(std::string_view sql);

    void listen(std::string const& channel);
    std::vector<Notification> take_notifications();  // that have arrived; does not wait
    int socket() const;  // readable when something may have arrived

  private:
    friend class Transaction;
    struct Session;
    std::unique_ptr<Session> session_;
};

// While it lives, the statements of its connection are one transaction; rolled back unless
// committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
    ~Transaction();
    void commit();

  private:
    Connection& connection_;
};

}  // namespace resolute::store
