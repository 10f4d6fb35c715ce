// The console's server: the web console, the API and the live stream on one port of this machine.
#pragma once

#include <memory>

#include "console/api.h"
#include "console/assets.h"

namespace resolute::console {

class Server {
  public:
    // Listens at once; throws net::CannotListen.
    Server(net::Runtime& runtime, Surface surface, std::string const& host, std::uint16_t port);
    ~Server();

    std::string url() const { return http_->url(); }
    void committed(std::vector<Append> const& appends) { changes_->committed(appends); }
    void stop();

  private:
    Assets assets_;
    std::shared_ptr<ChangeStream> changes_;
    std::unique_ptr<Api> api_;            // made before anyone can ask
    std::unique_ptr<net::HttpServer> http_;
};

}  // namespace resolute::console
