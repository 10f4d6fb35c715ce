#include "tools/request_call.h"

#include "base/limits.h"
#include "tools/access_token.h"
#include "tools/base64.h"
#include "tools/credentials.h"
#include "tools/digest_access.h"
#include "tools/request_exchange.h"

namespace resolute::tools {
namespace {

Answer unsent(Failure why) { return {Refused{std::move(why)}, {{"sent", false}}}; }

// One call on its way; kept alive by the callbacks that wait for the network.
class RequestOnItsWay : public std::enable_shared_from_this<RequestOnItsWay> {
  public:
    RequestOnItsWay(net::HttpClient& http, Clock const& clock, Sending sending, RequestCall call,
                    OnAnswer done)
        : http_(http),
          clock_(clock),
          sending_(std::move(sending)),
          call_(std::move(call)),
          done_(std::move(done)) {}

    void start() {
        auto const& arguments = sending_.arguments.json();
        auto request = request_of(*sending_.contract, call_, arguments, sending_.key);
        if (!request) return refuse(validation_failure(sentence(request.diagnostics())));
        request_ = std::move(*request);
        if (!is_reachable(request_.url)) return;
        auto const authentication = arguments.find("authentication");
        if (authentication == arguments.end()) return send(request_);
        auto credentials = with_secrets(*authentication, call_.reach->secrets);
        if (!credentials)
            return refuse(configuration_failure(sentence(credentials.diagnostics()),
                                                codes::unknown_variable));
        credentials_ = std::move(*credentials);
        secrets_ = credentials_.secrets;
        authenticate();
    }

  private:
    std::string sentence(Diagnostics const& problems) const {
        return "`" + sending_.contract->name + "` was not sent: " + problems.front().message;
    }

    void refuse(Failure why) { done_(unsent(std::move(why))); }

    bool is_reachable(net::Url const& url) {
        if (may_reach(*call_.reach, url)) return true;
        refuse(authorization_failure("`" + sending_.contract->name +
                                         "` was not sent: workflows may "
                                         "not reach `" +
                                         net::authority(url) +
                                         "`; the operator lists hosts under `egress` in "
                                         "resolute.yaml.",
                                     codes::not_sent));
        return false;
    }

    void authenticate() {
        auto const& scheme = credentials_.scheme;
        if (scheme == "bearer") return authorize("Bearer " + credentials_.text("token"));
        if (scheme == "basic")
            return authorize("Basic " + base64(credentials_.text("username") + ":" +
                                               credentials_.text("password")));
        if (scheme == "digest") return send(request_, &RequestOnItsWay::on_challenge);
        if (scheme == "oauth2") return fetch_token(token_url(credentials_));
        if (scheme == "oidc") return discover();
        refuse(configuration_failure("`" + scheme + "` is no way to authenticate.",
                                     codes::invalid_value));
    }

    // A derived value is as secret as what it was made of, when that came from the secrets.
    void authorize(std::string value) {
        if (!credentials_.secrets.empty()) secrets_.push_back(value.substr(value.find(' ') + 1));
        auto request = request_;
        std::erase_if(request.headers, [](net::Header const& header) {
            return net::equal_ignoring_case(header.name, "Authorization");
        });
        request.headers.push_back({"Authorization", std::move(value)});
        send(std::move(request));
    }

    void discover() {
        auto url = discovery_url(credentials_);
        if (!url) return refuse(authentication_failure(sentence(url.diagnostics())));
        if (!is_reachable(*url)) return;
        net::ClientRequest request{.url = std::move(*url)};
        send(std::move(request), &RequestOnItsWay::on_discovered);
    }
    void on_discovered(net::Reply const& reply) { fetch_token(token_url_in(reply)); }

    void fetch_token(Result<net::Url> url) {
        if (!url) return refuse(authentication_failure(sentence(url.diagnostics())));
        if (!is_reachable(*url)) return;
        auto request = token_request(credentials_, std::move(*url));
        if (!request) return refuse(authentication_failure(sentence(request.diagnostics())));
        send(std::move(*request), &RequestOnItsWay::on_token);
    }
    void on_token(net::Reply const& reply) {
        auto const token = token_in(reply);
        if (!token)
            return refuse(authentication_failure(sentence(token.diagnostics()), codes::not_sent));
        secrets_.push_back(*token);
        authorize("Bearer " + *token);
    }

    // Without credentials a server of this kind only says how it wants them.
    void on_challenge(net::Reply const& reply) {
        auto const* response = std::get_if<net::Response>(&reply);
        auto const challenge = response && response->status == 401
                                   ? net::find_header(response->headers, "WWW-Authenticate")
                                   : std::nullopt;
        if (!challenge) return on_answer(reply);
        auto const value = digest_access(credentials_, *challenge, request_);
        if (!value) return on_answer(reply);
        authorize(*value);
    }

    using Next = void (RequestOnItsWay::*)(net::Reply const&);
    void send(net::ClientRequest request, Next next = &RequestOnItsWay::on_answer) {
        request.max_response_bytes = limits::tool_answer_bytes;
        request.timeout = sending_.deadline - clock_.now();
        if (request.timeout <= Duration::zero())
            return done_({Refused{timeout_failure("`" + sending_.contract->name +
                                                      "` was not called: its time was over before "
                                                      "it could be sent.",
                                                  codes::past_deadline)},
                          {{"sent", false}}});
        request.may_send = [&clock = clock_, deadline = sending_.deadline, lease = sending_.lease] {
            return clock.now() < deadline && may_send(lease);
        };
        http_.send(std::move(request), [self = shared_from_this(), next](net::Reply const& reply) {
            (self.get()->*next)(reply);
        });
    }

    // The request as the author sees it has no credentials, and neither has what the answer
    // repeats.
    void on_answer(net::Reply const& reply) {
        auto answer = guarded(*sending_.contract, [&] {
            return request_answer(*sending_.contract, sending_.arguments.json(), request_, reply);
        });
        if (auto* good = std::get_if<Answered>(&answer.what))
            good->value = without_secrets(secrets_, std::move(good->value));
        if (auto* refused = std::get_if<Refused>(&answer.what))
            refused->why.detail = without_secrets(secrets_, std::move(refused->why.detail));
        if (auto* doubtful = std::get_if<Doubtful>(&answer.what))
            doubtful->why.detail = without_secrets(secrets_, std::move(doubtful->why.detail));
        answer.evidence = without_secrets(secrets_, std::move(answer.evidence));
        done_(std::move(answer));
    }

    net::HttpClient& http_;
    Clock const& clock_;
    Sending const sending_;
    RequestCall const call_;
    OnAnswer const done_;
    net::ClientRequest request_;
    Credentials credentials_;
    std::vector<std::string> secrets_;  // that were put in, and what was made of them
};

}  // namespace

void call_request(net::HttpClient& http, Clock const& clock, Sending const& sending,
                  RequestCall const& call, OnAnswer const& done) {
    std::make_shared<RequestOnItsWay>(http, clock, sending, call, done)->start();
}

}  // namespace resolute::tools
