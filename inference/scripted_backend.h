// A stand-in that answers from a prepared list instead of thinking, and is labelled so wherever it
// speaks.
//
// The script is a JSON object: {"name": "demo", "answers": [{"model": "classify", "when":
// {"/case_id": "R-1001"}, "texts": ["not json", {"kind": "refund"}]}]}. The first entry whose model
// and `when` (JSON pointers into the input) fit is used; its n-th text answers the n-th attempt,
// the last one all later attempts. So the same question gets the same answer after a crash.
#pragma once

#include <vector>

#include "base/result.h"
#include "inference/backend.h"

namespace resolute::inference {

class ScriptedBackend final : public Backend {
  public:
    static Result<ScriptedBackend> read(Json const& script, std::string const& file = {});

    void complete(Prompt const& prompt, std::function<void(BackendReply)> done) override;
    std::string label() const override { return "scripted:" + name_; }
    bool is_scripted() const override { return true; }

  private:
    struct Entry {
        std::string model;
        std::vector<std::pair<Json::json_pointer, Json>> when;
        std::vector<std::string> texts;
    };
    std::string name_;
    std::vector<Entry> entries_;
};

}  // namespace resolute::inference
