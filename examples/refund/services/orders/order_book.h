// What the shop knows of its orders and customers, offered as two tools that only read.
//
// Immutable after it is made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mcp/tool.h"

namespace refund::orders {

using resolute::Json;

class OrderBook {
  public:
    // `file`: {"orders": [{order_id, …}], "customers": [{customer_id, …}]}. Throws
    // std::runtime_error that names the record which does not fit what the tools promise.
    explicit OrderBook(Json const& file);

    static std::vector<resolute::mcp::Tool> tools();
    // Arguments fit the tool's schema. What is not there is no error but {"found": false, …}.
    resolute::mcp::CallResult call(std::string const& tool, Json const& arguments) const;

  private:
    std::map<std::string, Json> orders_;
    std::map<std::string, Json> customers_;
};

}  // namespace refund::orders
