// The orders service of the refund example: an MCP server over standard input and output.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "examples/refund/services/orders/order_book.h"
#include "mcp/server.h"

namespace {

using resolute::mcp::ServerSession;

// Which call to fail, counting from 1 since the program started; 0 is none.
struct Faults {
    int die_on_call = 0;
    int garbage_on_call = 0;
};

resolute::Json read_json_file(std::string const& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(path + " cannot be read");
    std::string const text((std::istreambuf_iterator<char>(in)), {});
    return resolute::parse_json(text, path).value();
}

void serve(refund::orders::OrderBook const& book, Faults const& faults) {
    ServerSession session({"refund_orders", "1.0.0"}, refund::orders::OrderBook::tools(),
                          "Orders and customers of the shop. Reads only.");
    int calls = 0;
    for (std::string line; std::getline(std::cin, line);) {
        for (auto const& event : session.receive(line)) {
            auto const* call = std::get_if<ServerSession::Call>(&event);
            if (!call) continue;
            ++calls;
            if (calls == faults.die_on_call) ::_exit(70);
            if (calls == faults.garbage_on_call)  // the beginning of an answer, and never the rest
                std::cout << R"({"jsonrpc":"2.0","id":)" << resolute::mcp::to_string(call->id)
                          << R"(,"result":{"con)" << std::endl;
            else
                session.answer(call->id, book.call(call->tool, call->arguments));
        }
        for (auto const& answer : session.take_output()) std::cout << answer << '\n';
        std::cout.flush();
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "The orders service of the refund example: an MCP server over standard input and output."};
    std::string data;
    Faults faults;
    app.add_option("--data", data, "JSON file with orders and customers")->required();
    app.add_option("--die-on-call", faults.die_on_call,
                   "exit without an answer on the N-th tool call");
    app.add_option("--garbage-on-call", faults.garbage_on_call,
                   "answer the N-th tool call with half a message");
    CLI11_PARSE(app, argc, argv);
    try {
        serve(refund::orders::OrderBook(read_json_file(data)), faults);
        return 0;
    } catch (std::exception const& error) {
        std::cerr << "refund_orders: " << error.what() << "\n";
        return 1;
    }
}
