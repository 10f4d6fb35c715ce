// The payments service: refunds with real idempotency, notices to customers, and failures on
// demand.
//
//   GET  /payments/{id}            POST /refunds   (Idempotency-Key)    GET /refunds?key=…
//   GET  /customers/{id}/payments  POST /notices   (Idempotency-Key)    GET /notices?key=…
//   GET  /ledger                   POST /faults                         GET /faults
//
// Same key and same body: the same answer, with `Idempotent-Replayed: true`. Same key and another
// body: 422.
#pragma once

#include <map>

#include "examples/refund/services/payments/faults.h"
#include "examples/refund/services/payments/ledger.h"
#include "net/http_server.h"
#include "net/runtime.h"

namespace refund::payments {

class Service {
  public:
    // `seed`: {"payments": [{id, customer_id, order_id, amount, currency, captured_at, method}]}
    Service(resolute::net::Runtime& runtime, Ledger& ledger, Faults& faults, Json const& seed);

    void handle(resolute::net::ServerRequest const& request, resolute::net::Responder responder);

  private:
    using Response = resolute::net::Response;
    Response get(resolute::net::ServerRequest const& request) const;
    Response look_up(std::string const& collection,
                     resolute::net::ServerRequest const& request) const;
    void post_with_key(std::string const& collection, resolute::net::ServerRequest const& request,
                       resolute::net::Responder responder);
    void commit(std::string const& collection, std::string const& key, std::string const& digest,
                Json body, resolute::net::Responder responder);
    Entry decide_refund(Json const& body) const;
    Entry decide_notice(Json const& body) const;
    Response add_fault(resolute::net::ServerRequest const& request);
    Json shown(Json const& payment) const;

    resolute::net::Runtime& runtime_;
    Ledger& ledger_;
    Faults& faults_;
    std::map<std::string, Json> payments_;
    std::mutex commits_;  // one decision at a time: the remaining amount must not be spent twice
};

}  // namespace refund::payments
