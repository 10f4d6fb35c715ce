#include "examples/refund/services/orders/order_book.h"

#include <stdexcept>

#include "base/json_schema.h"

namespace refund::orders {
namespace {

using resolute::JsonSchema;
using resolute::mcp::Tool;

// A tool that takes one id and gives back the record with it; its schemas are the contract with the
// caller.
struct Lookup {
    char const* name;
    char const* title;
    char const* description;
    char const* id;
    char const* collection;  // in the data file
    char const* record;  // JSON Schema of the properties of a record, and those that it always has
};

constexpr Lookup get_order{"get_order",
                           "Get an order",
                           "Looks an order up by its number, such as A-20311. Amounts are whole "
                           "minor units of the currency.",
                           "order_id",
                           "orders",
                           R"({
        "properties": {
            "customer_id": {"type": "string"},
            "placed_at": {"type": "string", "format": "date"},
            "promised_at": {"type": "string", "format": "date"},
            "delivered_at": {"type": "string", "format": "date"},
            "status": {"enum": ["placed", "shipped", "delivered", "returned", "cancelled"]},
            "payment_id": {"type": "string"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "total": {"type": "integer", "minimum": 0},
            "carrier": {"type": "string"},
            "items": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "sku": {"type": "string"},
                    "title": {"type": "string"},
                    "quantity": {"type": "integer", "minimum": 1},
                    "unit_price": {"type": "integer", "minimum": 0}
                },
                "required": ["sku", "title", "quantity", "unit_price"]
            }}
        },
        "required": ["customer_id", "placed_at", "status", "payment_id", "currency", "total",
                     "items"]
    })"};

constexpr Lookup customer_history{
    "customer_history",
    "Get a customer's history",
    "How long somebody has been a customer, orders and refunds of the last twelve months, and what "
    "colleagues noted.",
    "customer_id",
    "customers",
    R"({
        "properties": {
            "since": {"type": "string", "format": "date"},
            "orders": {"type": "integer", "minimum": 0},
            "refunds_12m": {"type": "integer", "minimum": 0},
            "fraud_flag": {"type": "boolean"},
            "notes": {"type": "array", "items": {"type": "string"}}
        },
        "required": ["since", "orders", "refunds_12m", "fraud_flag", "notes"]
    })"};

// Either {found: true} with the record, or {found: false} with the id alone.
Json output_schema(Lookup const& lookup) {
    auto const record = Json::parse(lookup.record);
    Json schema = {{"type", "object"},
                   {"properties", record["properties"]},
                   {"required", {"found", lookup.id}}};
    schema["properties"]["found"] = {{"type", "boolean"}};
    schema["properties"][lookup.id] = {{"type", "string"}};
    schema["if"] = {{"properties", {{"found", {{"const", true}}}}}};
    schema["then"] = {{"required", record["required"]}};
    return schema;
}

Tool tool_of(Lookup const& lookup) {
    Tool tool;
    tool.name = lookup.name;
    tool.title = lookup.title;
    tool.description = lookup.description;
    tool.input_schema = {
        {"type", "object"},
        {"properties", {{lookup.id, {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}}}}},
        {"required", {lookup.id}},
        {"additionalProperties", false}};
    tool.output_schema = output_schema(lookup);
    tool.annotations = {{"readOnlyHint", true}, {"openWorldHint", false}};
    return tool;
}

std::map<std::string, Json> read_records(Lookup const& lookup, Json const& file) {
    auto const schema = JsonSchema::compile(output_schema(lookup)).value();
    std::map<std::string, Json> records;
    for (auto const& entry : file.at(lookup.collection)) {
        auto record = entry;
        record["found"] = true;
        if (auto const violations = schema.validate(record); !violations.empty())
            throw std::runtime_error("a record of `" + std::string(lookup.collection) +
                                     "` is not usable: " + resolute::to_string(violations) +
                                     " in " + entry.dump());
        records.emplace(entry.at(lookup.id), std::move(record));
    }
    return records;
}

resolute::mcp::CallResult look_up(Lookup const& lookup, std::map<std::string, Json> const& records,
                                  Json const& arguments) {
    auto const& id = arguments.at(lookup.id).get_ref<std::string const&>();
    auto const found = records.find(id);
    if (found != records.end()) return resolute::mcp::structured_result(found->second);
    return resolute::mcp::structured_result({{"found", false}, {lookup.id, id}});
}

}  // namespace

OrderBook::OrderBook(Json const& file)
    : orders_(read_records(get_order, file)), customers_(read_records(customer_history, file)) {}

std::vector<Tool> OrderBook::tools() { return {tool_of(get_order), tool_of(customer_history)}; }

resolute::mcp::CallResult OrderBook::call(std::string const& tool, Json const& arguments) const {
    if (tool == get_order.name) return look_up(get_order, orders_, arguments);
    return look_up(customer_history, customers_, arguments);
}

}  // namespace refund::orders
