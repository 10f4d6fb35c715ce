#include "tests/schedules/world.h"

namespace resolute::testing {

void MemoryYard::withdraw(std::string const& workflow) {
    schedules_.publish({workflow, "", {}}, {schedule_of("default", workflow)}, now_);
}

void PostgresYard::publish(workflow::Definition const& definition, SchedulePlan const& plan,
                           Timestamp at) {
    auto const& ref = definition.ref;
    definitions_.publish(
        {"workflow", ref.name, ref.version, ref.digest, definition.text, at, "tester"});
    definitions_.deploy({"workflow", ref.name, ref.digest, at, "tester", plan});
}

workflow::Definition const& Shelf::add(std::string const& yaml) {
    auto const definition = workflow::load(yaml, "w.yaml").value();
    return *definitions_.try_emplace(definition->ref.digest, definition).first->second;
}

}  // namespace resolute::testing
