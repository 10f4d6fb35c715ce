#include "bench/long_history.h"

#include "base/random.h"
#include "engine/chain.h"

namespace resolute::bench {
namespace {

ActivityIntent look(std::size_t turn) {
    return {.kind = "tool",
            .target = "bench.look@1.0.0",
            .effect = Effect::read,
            .request = Json{{"tool", "bench.look"}, {"arguments", {{"turn", turn}}}},
            .key = "0192f3a1-7c44-7e01-9d6e-3a5b0c77f010/do/0/each",
            .contract = sha256("contract"),
            .decision = {},
            .binding = {}};
}

// As the interpreter has it: the loop moves on, its only step is called and completes.
Fact fact_of(std::size_t index, WorkflowRef const& workflow) {
    StepId const loop{"/do/0/each"};
    if (index == 0)
        return RunStarted{workflow,          "default", "",
                          Json{{"turn", 0}}, "bench",   "00112233445566778899aabbccddeeff"};
    if (index == 1) return WorkStarted{Json{{"turn", 0}}, {}};
    auto const turn = index / 2;
    if (index == 2)
        return StepEntered{loop, FrameKind::sequence, Json{{"turn", 0}}, Json{{"i", 0}}};
    if (index % 2 == 0) return StepAdvanced{loop, Json{{"i", turn}}};
    return ActivitySucceeded{StepId{"/do/0/each#" + std::to_string(turn) + "/do/0/look"},
                             1,
                             Json{{"turn", turn}},
                             {},
                             look(turn),
                             true};
}

}  // namespace

LongHistory long_history(std::size_t events) {
    auto const random = seeded_random(1);
    Timestamp at{1'772'366'400'000'000};
    LongHistory history{RunId::make(at, *random), {}};
    WorkflowRef const workflow{"bench/loop", "1.0.0", sha256("loop")};
    auto head = chain_start(history.run);
    history.events.reserve(events);
    for (std::size_t i = 0; i < events; ++i) {
        auto const fact = fact_of(i, workflow);
        at = at + std::chrono::microseconds(50);
        EncodedEvent event{i + 1, at, kind_number(fact), encode(fact), {}};
        head = chain_next(head, event, "00112233445566778899aabbccddeeff");
        event.chain = head;
        history.events.push_back(std::move(event));
    }
    return history;
}

}  // namespace resolute::bench
