// The tools, models and policies that the lint tests' workflows may call.
#pragma once

#include "workflow/lint.h"

namespace resolute::testing {

inline workflow::Catalog catalog() {
    auto schema = [](char const* text) { return JsonSchema::compile(Json::parse(text)).value(); };
    return {
        .tools =
            {{"payments.refund",
              {.input = schema(
                   R"({"type":"object","required":["payment","amount"],"additionalProperties":false,
                       "properties":{"payment":{"type":"string"},
                       "amount":{"type":"integer","minimum":1}}})"),
               .effect = Effect::write,
               .takes_key = true}},
             {"mail.send", {.input = schema("{}"), .effect = Effect::write}},
             {"orders.get", {.input = schema("{}"), .effect = Effect::read}}},
        .models = {"judge"},
        .policies = {"refunds"},
        .workflows = {{"test/child", "test/batch"}}};
}

}  // namespace resolute::testing
