#include "engine/store/connection.h"

#include <pqxx/pqxx>

#include <set>

#include "base/limits.h"
#include "engine/store/postgres_sentences.h"
#include "engine/store/scripts.h"

namespace resolute::store {
namespace {

// ---- the differences between the versions of libpqxx
// --------------------------------------------------

std::unique_ptr<pqxx::connection> open(std::string const& url) {
    auto connection = std::make_unique<pqxx::connection>(url);
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->activate();
    connection->inhibit_reactivation(
        true);  // else a new backend replaces a lost one without a word
#pragma GCC diagnostic pop
#endif
    return connection;
}

pqxx::result execute(pqxx::transaction_base& transaction, std::string const& name,
                     Parameters const& parameters) {
#if PQXX_VERSION_MAJOR >= 7
    pqxx::params values;
    values.reserve(parameters.values().size());
    for (auto const& value : parameters.values()) values.append(pqxx::binary_cast(value));
    return transaction.exec(pqxx::prepped{name}, values);
#else
    std::vector<pqxx::binarystring> values;
    values.reserve(parameters.values().size());
    for (auto const& value : parameters.values()) values.emplace_back(value.data(), value.size());
    return transaction.exec_prepared(name, pqxx::prepare::make_dynamic_params(values));
#endif
}

#if PQXX_VERSION_MAJOR < 7
struct Receiver final : pqxx::notification_receiver {
    Receiver(pqxx::connection& connection, std::string const& channel,
             std::vector<Notification>& arrived)
        : notification_receiver(connection, channel), arrived_(arrived) {}
    void operator()(std::string const& payload, int) override {
        arrived_.push_back({channel(), payload});
    }
    std::vector<Notification>& arrived_;
};
#endif

}  // namespace

struct Rows::Answer {
    pqxx::result rows;
};

std::size_t Rows::size() const { return static_cast<std::size_t>(answer_->rows.size()); }
std::size_t Rows::affected() const {
    return static_cast<std::size_t>(answer_->rows.affected_rows());
}

Cell Rows::at(std::size_t row, std::size_t column) const {
    using Size = pqxx::result::size_type;
    auto const field =
        answer_->rows[static_cast<Size>(row)][static_cast<pqxx::row::size_type>(column)];
    if (field.is_null()) return Cell(std::nullopt);
    return Cell(std::string_view(field.c_str(), field.size()));
}

struct Connection::Session {
    std::string place;
    std::unique_ptr<pqxx::connection> connection;
    std::set<std::string_view> prepared;
    std::unique_ptr<pqxx::work> transaction;
    std::vector<Notification> arrived;
#if PQXX_VERSION_MAJOR < 7
    std::vector<std::unique_ptr<Receiver>> receivers;
#endif

    // Runs `call`; what the client library throws becomes ConnectionLost or StatementRefused. The
    // first two exceptions are not an sql_error before libpqxx 7.
    template <class Call>
    auto translated(std::string_view statement, Call call) {
        try {
            return call();
        } catch (pqxx::serialization_failure const& error) {
            throw StatementRefused("40001", sentence_of_refusal("40001", statement, error.what()));
        } catch (pqxx::deadlock_detected const& error) {
            throw StatementRefused("40P01", sentence_of_refusal("40P01", statement, error.what()));
        } catch (pqxx::sql_error const& error) {
            if (ends_session(error.sqlstate()) || !connection->is_open())
                throw ConnectionLost(sentence_of_lost_connection(place, error.what()));
            throw StatementRefused(error.sqlstate(),
                                   sentence_of_refusal(error.sqlstate(), statement, error.what()));
        } catch (pqxx::failure const& error) {
            throw ConnectionLost(sentence_of_lost_connection(place, error.what()));
        }
    }

    // Statements outside a Transaction commit by themselves.
    template <class Call>
    auto in_transaction(Call call) {
        if (transaction) return call(*transaction);
        pqxx::nontransaction each(*connection);
        return call(each);
    }

    Rows run(Query const& query, Parameters const& parameters) {
        return translated(query.name, [&] {
            std::string const name(query.name);
            if (!prepared.contains(query.name)) {
                connection->prepare(name, std::string(query.sql));
                prepared.insert(query.name);
            }
            return in_transaction([&](pqxx::transaction_base& current) {
                return Rows(std::make_shared<Rows::Answer>(
                    Rows::Answer{execute(current, name, parameters)}));
            });
        });
    }
};

Connection::Connection(ConnectionOptions const& options) : session_(std::make_unique<Session>()) {
    session_->place = place_of(options.url);
    auto const url = complete(options.url, options.application);
    try {
        session_->connection = open(url);
    } catch (std::exception const& error) {
        throw StoreUnavailable(sentence_of_connect_failure(session_->place, error.what()));
    }
    bool const fixed = options.plans == ConnectionOptions::Plans::fixed;
    auto const timeout =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.statement_timeout);
    run(scripts::session, Parameters()
                              .text(fixed ? "force_generic_plan" : "force_custom_plan")
                              .text(std::to_string(timeout.count()))
                              .text(fixed ? "off" : "on")
                              .text(std::to_string(limits::postgres_idle_transaction_ms)));
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Rows Connection::run(Query const& query, Parameters const& parameters) {
    return session_->run(query, parameters);
}

void Connection::run_script(std::string_view sql) {
    session_->translated("a script", [&] {
        session_->in_transaction(
            [&](pqxx::transaction_base& current) { return current.exec(std::string(sql)); });
    });
}

void Connection::listen(std::string const& channel) {
    session_->translated("listen", [&] {
#if PQXX_VERSION_MAJOR >= 7
        session_->connection->listen(
            channel, [arrived = &session_->arrived](pqxx::notification const& now) {
                arrived->push_back({std::string(now.channel), std::string(now.payload)});
            });
#else
        session_->receivers.push_back(
            std::make_unique<Receiver>(*session_->connection, channel, session_->arrived));
#endif
    });
}

std::vector<Notification> Connection::take_notifications() {
    session_->translated("notifications", [&] { session_->connection->get_notifs(); });
    if (!session_->connection->is_open())
        throw ConnectionLost(sentence_of_lost_connection(session_->place, "the server closed it"));
    return std::exchange(session_->arrived, {});
}

int Connection::socket() const { return session_->connection->sock(); }

Transaction::Transaction(Connection& connection) : connection_(connection) {
    auto& session = *connection_.session_;
    session.translated(
        "begin", [&] { session.transaction = std::make_unique<pqxx::work>(*session.connection); });
}

Transaction::~Transaction() {
    auto& session = *connection_.session_;
    try {
        session.transaction.reset();  // rolls back what was not committed
    } catch (
        std::exception const&) {  // NOLINT: the connection is gone, and with it the transaction
    }
}

void Transaction::commit() {
    auto& session = *connection_.session_;
    session.translated("commit", [&] { session.transaction->commit(); });
    session.transaction.reset();
}

}  // namespace resolute::store
