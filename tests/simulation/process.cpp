#include "tests/simulation/process.h"

namespace resolute::simulation {

using namespace std::chrono_literals;

Process::Process(Ground& ground, int number)
    : ground_(ground), name_("process-" + std::to_string(number)) {
    auto& setting = ground.setting;
    clock_.epoch = setting.now();
    if (!setting.strikes(Fault::clock_ahead)) return;
    clock_.ahead = setting.some(1200ms) - 600ms;
    clock_.drift_ppm = static_cast<int>(setting.random().below(601)) - 300;
}

void Process::boot() {
    auto on_end = [this](Life::End how) { ended(how); };
    auto const name = name_ + "/" + std::to_string(++lives_);
    life_ = std::make_shared<Life>(ground_, name, clock_, on_end);
    life_->begin();
    if (lives_ == 1) disturb();
}

// Every life is followed by the next: at once when it was fenced, else when someone starts it.
void Process::ended(Life::End how) {
    auto& setting = ground_.setting;
    auto const down = how == Life::End::fenced ? setting.some(200ms) : setting.some(20s);
    setting.at(down, [this] { boot(); });
}

void Process::disturb() {
    auto& setting = ground_.setting;
    if (setting.is_calm()) return;
    setting.at(4s + setting.some(8s), [this] { disturb(); });
    if (!is_up()) return;
    if (setting.strikes(Fault::killed)) {
        setting.note(life_->name() + " is killed");
        return life_->kill();
    }
    if (setting.strikes(Fault::left)) return life_->leave();
    if (life_->is_paused() || !setting.strikes(Fault::paused)) return;
    auto const length = 8s + setting.some(25s);
    setting.note(life_->name() + " is paused");
    life_->pause(length);
}

}  // namespace resolute::simulation
