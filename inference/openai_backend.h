// Chat completions as OpenAI defined them, which llama.cpp, vLLM, Ollama and others serve too.
//
// Source: OpenAI's API description 2.3.0, `POST /chat/completions`. Answers are asked for with
// `response_format: json_schema`; whether a server honours it is not trusted, the caller validates.
#pragma once

#include "inference/backend.h"
#include "net/http_client.h"

namespace resolute::inference {

struct OpenAiOptions {
    net::Url base_url;       // up to and including /v1
    std::string model;       // as the server calls it
    std::string api_key;     // "" = none; never logged, never stored
};

class OpenAiBackend final : public Backend {
  public:
    OpenAiBackend(net::HttpClient& client, OpenAiOptions options)
        : client_(client), options_(std::move(options)) {}

    void complete(Prompt const& prompt, std::function<void(BackendReply)> done) override;
    std::string label() const override;
    bool is_scripted() const override { return false; }

  private:
    net::HttpClient& client_;
    OpenAiOptions options_;
};

// The request body for a prompt, and what an answer means; apart, so that both can be read and
// tested.
Json request_body(OpenAiOptions const& options, Prompt const& prompt);
BackendReply read_reply(net::Reply const& reply);

}  // namespace resolute::inference
