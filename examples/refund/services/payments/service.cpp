#include "examples/refund/services/payments/service.h"

#include <unistd.h>

#include "base/canonical_json.h"
#include "net/problem.h"

namespace refund::payments {
namespace {

using resolute::net::json_response;
using resolute::net::problem_response;
using resolute::net::Response;

Response problem(int status, std::string code, std::string title, std::string detail) {
    return problem_response({status, std::move(code), std::move(title), std::move(detail)});
}

Entry refusal(int status, std::string code, std::string detail) {
    return {.type = "refusal",
            .status = status,
            .answer = {
                {"type", "about:blank"}, {"status", status}, {"code", code}, {"detail", detail}}};
}

Response answer_of(Entry const& entry, bool replayed) {
    auto response = json_response(entry.status, entry.answer);
    if (entry.type == "refusal")
        for (auto& header : response.headers)
            if (resolute::net::equal_ignoring_case(header.name, "Content-Type"))
                header.value = "application/problem+json";
    if (replayed) response.headers.push_back({"Idempotent-Replayed", "true"});
    return response;
}

// The id follows from the key, so that the same refund has one name whoever asks.
std::string id_for(char const* prefix, std::string const& key) {
    return prefix + resolute::to_string(resolute::sha256(key)).substr(0, 16);
}

}  // namespace

Service::Service(resolute::net::Runtime& runtime, Ledger& ledger, Faults& faults, Json const& seed)
    : runtime_(runtime), ledger_(ledger), faults_(faults) {
    for (auto const& payment : seed.at("payments")) payments_[payment.at("id")] = payment;
}

void Service::handle(resolute::net::ServerRequest const& request,
                     resolute::net::Responder responder) {
    auto const first = request.segments.empty() ? std::string() : request.segments.front();
    bool const keyed = request.segments.size() == 1 && (first == "refunds" || first == "notices");
    if (request.method == "POST" && keyed)
        return post_with_key(first, request, std::move(responder));
    if (request.method == "POST" && request.segments.size() == 1 && first == "faults")
        return responder.respond(add_fault(request));
    if (request.method == "GET" && keyed) return responder.respond(look_up(first, request));
    if (request.method == "GET") return responder.respond(get(request));
    responder.respond(problem(405, "method_not_allowed", "Method not allowed",
                              request.method + " is not served here."));
}

Json Service::shown(Json const& payment) const {
    auto shown = payment;
    auto const refunded = ledger_.refunded(payment.at("id"));
    shown["refunded"] = refunded;
    shown["refundable"] = payment.at("amount").get<std::int64_t>() - refunded;
    return shown;
}

Response Service::get(resolute::net::ServerRequest const& request) const {
    auto const& path = request.segments;
    if (path.size() == 1 && path[0] == "healthz") return json_response(200, {{"status", "ok"}});
    if (path.size() == 1 && path[0] == "faults")
        return json_response(200, {{"faults", faults_.list()}});
    if (path.size() == 1 && path[0] == "ledger") return json_response(200, ledger_.totals());
    if (path.size() == 2 && path[0] == "payments") {
        auto const found = payments_.find(path[1]);
        if (found != payments_.end()) return json_response(200, shown(found->second));
        return problem(404, "unknown_payment", "Unknown payment",
                       "There is no payment " + path[1] + ".");
    }
    if (path.size() == 3 && path[0] == "customers" && path[2] == "payments") {
        Json all = Json::array();
        for (auto const& [id, payment] : payments_)
            if (payment.at("customer_id") == path[1]) all.push_back(shown(payment));
        return json_response(200, {{"payments", std::move(all)}});
    }
    return problem(404, "unknown_path", "Unknown path",
                   "Nothing is served at " + request.path + ".");
}

// The authoritative answer to "what became of the request with this key?".
Response Service::look_up(std::string const& collection,
                          resolute::net::ServerRequest const& request) const {
    auto const key = request.query.find("key");
    if (!key) return problem(400, "key_missing", "The key is missing", "Ask with ?key=….");
    auto const entry = ledger_.find(collection, std::string(*key));
    if (!entry || entry->type == "refusal")
        return json_response(200, {{"status", "not_found"}, {"key", std::string(*key)}});
    auto answer = entry->answer;
    answer["status"] = "succeeded";
    answer["key"] = std::string(*key);
    return json_response(200, answer);
}

Response Service::add_fault(resolute::net::ServerRequest const& request) {
    auto const json = resolute::parse_json(request.body);
    auto const why = json ? faults_.add(*json) : std::optional<std::string>("the body is not JSON");
    if (why) return problem(400, "malformed_fault", "The fault cannot be read", *why);
    return json_response(201, {{"accepted", true}});
}

void Service::post_with_key(std::string const& collection,
                            resolute::net::ServerRequest const& request,
                            resolute::net::Responder responder) {
    auto const key = request.header("Idempotency-Key");
    if (!key || key->empty() || key->size() > 255)
        return responder.respond(problem(400, "key_missing", "The idempotency key is missing",
                                         "Send Idempotency-Key with 1 to 255 characters."));
    auto body = resolute::parse_json(request.body);
    if (!body || !body->is_object())
        return responder.respond(
            problem(400, "malformed_body", "The body is not a JSON object", ""));
    auto const canonical = resolute::canonical_json(*body);
    if (!canonical)
        return responder.respond(problem(400, "malformed_body", "The body has no canonical form",
                                         resolute::to_string(canonical.diagnostics())));
    commit(collection, std::string(*key), resolute::to_string(resolute::sha256(*canonical)),
           std::move(*body), std::move(responder));
}

void Service::commit(std::string const& collection, std::string const& key,
                     std::string const& digest, Json body, resolute::net::Responder responder) {
    std::unique_lock lock(commits_);
    if (auto const known = ledger_.find(collection, key)) {
        if (known->digest == digest) return responder.respond(answer_of(*known, true));
        return responder.respond(problem(422, "key_reused", "The key was used for another request",
                                         "The same key came with another body; nothing was done."));
    }
    auto const fault = faults_.take(body);
    auto is = [&](FaultKind kind) { return fault && fault->kind == kind; };
    if (is(FaultKind::lost_before_commit)) return responder.hang_up();
    if (is(FaultKind::error_before_commit))
        return responder.respond(problem(500, "internal_error", "Internal error", ""));
    if (is(FaultKind::crash_before_commit)) ::_exit(70);
    auto entry = is(FaultKind::refuse)
                     ? refusal(422, "refused", "The bank refuses: the card's account is closed.")
                 : collection == "refunds" ? decide_refund(body)
                                           : decide_notice(body);
    entry.key = key;
    entry.digest = digest;
    entry.body = std::move(body);
    if (entry.type != "refusal")
        entry.answer["id"] = id_for(entry.type == "refund" ? "re_" : "no_", key);
    ledger_.append(collection, entry);
    lock.unlock();
    if (is(FaultKind::crash_after_commit)) ::_exit(70);
    if (is(FaultKind::lost_after_commit)) return responder.hang_up();
    if (is(FaultKind::error_after_commit))
        return responder.respond(problem(500, "internal_error", "Internal error", ""));
    if (is(FaultKind::slow)) {
        runtime_.after(fault->delay,
                       [entry, responder] { responder.respond(answer_of(entry, false)); });
        return;
    }
    responder.respond(answer_of(entry, false));
}

Entry Service::decide_refund(Json const& body) const {
    for (char const* member : {"payment_id", "currency", "reference"})
        if (!body.contains(member) || !body[member].is_string())
            return refusal(422, "malformed_refund",
                           std::string("`") + member + "` must be a text.");
    if (!body.contains("amount") || !body["amount"].is_number_integer() || body["amount"] <= 0)
        return refusal(422, "malformed_refund",
                       "`amount` must be a positive whole number of minor units.");
    auto const found = payments_.find(body["payment_id"]);
    if (found == payments_.end())
        return refusal(404, "unknown_payment",
                       "There is no payment " + body["payment_id"].get<std::string>() + ".");
    auto const& payment = found->second;
    if (payment.at("currency") != body["currency"])
        return refusal(
            422, "wrong_currency",
            "The payment was made in " + payment.at("currency").get<std::string>() + ".");
    auto const left =
        payment.at("amount").get<std::int64_t>() - ledger_.refunded(body["payment_id"]);
    if (body["amount"].get<std::int64_t>() > left)
        return refusal(409, "exceeds_payment",
                       "Only " + std::to_string(left) + " minor units are left to refund.");
    return {.type = "refund",
            .status = 201,
            .answer = {{"payment_id", body["payment_id"]},
                       {"amount", body["amount"]},
                       {"currency", body["currency"]},
                       {"reference", body["reference"]},
                       {"status", "succeeded"}}};
}

Entry Service::decide_notice(Json const& body) const {
    for (char const* member : {"customer_id", "case_id", "text"})
        if (!body.contains(member) || !body[member].is_string())
            return refusal(422, "malformed_notice",
                           std::string("`") + member + "` must be a text.");
    return {.type = "notice",
            .status = 201,
            .answer = {{"customer_id", body["customer_id"]},
                       {"case_id", body["case_id"]},
                       {"status", "sent"}}};
}

}  // namespace refund::payments
