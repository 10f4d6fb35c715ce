#include "engine/store/webhooks.h"

#include <charconv>

#include "base/limits.h"
#include "engine/corrupt_history.h"
#include "engine/store/queries.h"

namespace resolute::store {
namespace {

std::uint64_t webhook_transaction(Cell const& cell) {
    std::uint64_t number = 0;
    auto const text = cell.view();
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        throw CorruptHistory("a webhook names the transaction `" + cell.text() + "`");
    return number;
}

EventMark mark_of(Rows const& rows, std::size_t row, std::size_t column) {
    return {webhook_transaction(rows.at(row, column)), rows.at(row, column + 1).integer()};
}

Array names_of(std::vector<std::string> const& names) {
    Array array(Type::text);
    for (auto const& name : names) array.add_text(name);
    return array;
}

Array one_or_none(std::optional<DeliveryId> const& delivery) {
    Array array(Type::uuid);
    if (delivery) array.add_uuid(delivery->value);
    return array;
}

std::int64_t milliseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace

Rows Webhooks::ask(Query const& query, Parameters const& parameters) {
    return session_.run([&](Connection& connection) { return connection.run(query, parameters); });
}

void Webhooks::subscribe(std::vector<std::string> const& names) {
    ask(queries::webhooks_subscribe, Parameters().text(tenant_).array(names_of(names)));
}

std::vector<UnheardEvents> Webhooks::unheard(std::vector<std::string> const& names,
                                             std::size_t most) {
    auto const rows = ask(
        queries::webhook_events,
        Parameters().text(tenant_).array(names_of(names)).int8(static_cast<std::int64_t>(most)));
    std::vector<UnheardEvents> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const webhook = rows.at(i, 0).text();
        if (all.empty() || all.back().webhook != webhook)
            all.push_back({webhook, mark_of(rows, i, 1), {}});
        all.back().events.push_back({mark_of(rows, i, 3), rows.at(i, 5).text()});
    }
    return all;
}

bool Webhooks::fan_out(UnheardEvents const& heard, std::vector<std::int64_t> const& wanted) {
    auto const& last = heard.events.back().mark;
    Array positions(Type::int8);
    for (auto const position : wanted) positions.add_integer(position);
    auto const moved =
        ask(queries::webhooks_fan_out, Parameters()
                                           .text(tenant_)
                                           .text(heard.webhook)
                                           .text(std::to_string(heard.before.transaction))
                                           .int8(heard.before.position)
                                           .text(std::to_string(last.transaction))
                                           .int8(last.position)
                                           .array(std::move(positions)));
    return moved.at(0, 0).boolean();
}

std::vector<ClaimedDelivery> Webhooks::claim(std::vector<WebhookRoom> const& rooms) {
    Array names(Type::text), room(Type::int4), leases(Type::int8);
    for (auto const& one : rooms) {
        names.add_text(one.webhook);
        room.add_integer(static_cast<std::int64_t>(one.room));
        leases.add_integer(milliseconds(one.lease));
    }
    auto const rows = ask(queries::webhooks_claim, Parameters()
                                                       .text(tenant_)
                                                       .array(std::move(names))
                                                       .array(std::move(room))
                                                       .array(std::move(leases))
                                                       .int4(limits::webhook_failures));
    std::vector<ClaimedDelivery> claimed;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const event = rows.at(i, 3);
        claimed.push_back({DeliveryId{rows.at(i, 0).uuid()}, rows.at(i, 1).text(),
                           static_cast<int>(rows.at(i, 2).integer()),
                           event.is_null() ? std::nullopt : std::optional(event.text())});
    }
    return claimed;
}

void Webhooks::settle(std::vector<DeliveryEnd> const& ends) {
    Array deliveries(Type::uuid), webhooks(Type::text), attempts(Type::int4), reasons(Type::text),
        pauses(Type::int8);
    for (auto const& end : ends) {
        deliveries.add_uuid(end.delivery.value);
        webhooks.add_text(end.webhook);
        attempts.add_integer(end.attempt);
        reasons.add_text_or_null(end.why);
        if (end.again_after)
            pauses.add_integer(milliseconds(*end.again_after));
        else
            pauses.add_null();
    }
    ask(queries::webhooks_settle, Parameters()
                                      .text(tenant_)
                                      .array(std::move(deliveries))
                                      .array(std::move(webhooks))
                                      .array(std::move(attempts))
                                      .array(std::move(reasons))
                                      .array(std::move(pauses))
                                      .int4(limits::webhook_failures)
                                      .int8(limits::webhook_first_pause_ms)
                                      .int8(limits::webhook_longest_hold_s * 1000));
}

Webhooks::Next Webhooks::next(std::vector<std::string> const& names) {
    auto const rows =
        ask(queries::webhooks_next, Parameters().text(tenant_).array(names_of(names)));
    Next next{.is_unsettled = rows.at(0, 1).boolean()};
    if (!rows.at(0, 0).is_null()) next.due = std::chrono::milliseconds(rows.at(0, 0).integer());
    return next;
}

std::vector<WebhookState> Webhooks::all() {
    auto const rows = ask(queries::webhooks_list, Parameters().text(tenant_));
    std::vector<WebhookState> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto cell = [&](std::size_t column) { return rows.at(i, column); };
        all.push_back({cell(0).text(), cell(1).integer(), cell(2).optional_time(),
                       cell(3).integer(), cell(4).optional_time(), cell(5).text(),
                       cell(6).optional_time(), cell(7).integer(), cell(8).integer(),
                       cell(9).optional_time(), cell(10).optional_time()});
    }
    return all;
}

std::vector<DeliveryState> Webhooks::deliveries(std::string const& webhook, std::size_t most) {
    auto const rows =
        ask(queries::webhooks_deliveries,
            Parameters().text(tenant_).text(webhook).int8(static_cast<std::int64_t>(most)));
    std::vector<DeliveryState> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto cell = [&](std::size_t column) { return rows.at(i, column); };
        all.push_back({DeliveryId{cell(0).uuid()}, cell(1).text(), cell(2).text(), cell(3).text(),
                       cell(4).time(), cell(5).integer(), cell(6).optional_time(),
                       !cell(7).is_null(), cell(8).text()});
    }
    return all;
}

std::size_t Webhooks::retry(std::string const& webhook, std::optional<DeliveryId> only) {
    auto const rows = ask(queries::webhooks_retry,
                          Parameters().text(tenant_).text(webhook).array(one_or_none(only)));
    return static_cast<std::size_t>(rows.at(0, 0).integer());
}

std::size_t Webhooks::forget(std::string const& webhook, std::optional<DeliveryId> only) {
    return drop(webhook, only, false);
}

std::size_t Webhooks::forget_webhook(std::string const& webhook) {
    return drop(webhook, std::nullopt, true);
}

std::size_t Webhooks::drop(std::string const& webhook, std::optional<DeliveryId> only, bool whole) {
    auto const rows =
        ask(queries::webhooks_forget,
            Parameters().text(tenant_).text(webhook).array(one_or_none(only)).boolean(whole));
    return static_cast<std::size_t>(rows.at(0, 0).integer());
}

}  // namespace resolute::store
