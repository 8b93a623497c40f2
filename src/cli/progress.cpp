#include "cli/progress.hpp"

namespace leafseal::cli {
namespace {

constexpr std::chrono::milliseconds not_before{300};
constexpr std::string_view erase_line = "\r\x1b[K";

bool wanted(const Environment& environment, std::size_t total) {
  const std::string terminal = environment.variable("TERM").value_or("dumb");
  return total > 1 && environment.err_is_terminal && !environment.quiet && terminal != "dumb" &&
         !environment.variable("CI");
}

}  // namespace

Progress::Progress(Environment& environment, std::size_t total)
    : environment_(environment), total_(total), shown_(wanted(environment, total)), out_(environment.out),
      err_(environment.err), ask_secret_(environment.ask_secret), ask_(environment.ask), next_(Clock::now() + not_before) {
  if (!shown_) return;
  const auto wiping_first = [this](const auto& function) {
    return [this, &function](const auto& text) {
      const std::lock_guard lock(mutex_);
      wipe();
      return function(text);
    };
  };
  environment.out = wiping_first(out_);
  environment.err = wiping_first(err_);
  environment.ask_secret = wiping_first(ask_secret_);
  environment.ask = wiping_first(ask_);
}

Progress::~Progress() {
  if (!shown_) return;
  wipe();
  environment_.out = out_;
  environment_.err = err_;
  environment_.ask_secret = ask_secret_;
  environment_.ask = ask_;
}

void Progress::reached(std::size_t done) {
  if (!shown_ || Clock::now() < next_) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  err_(std::string(erase_line) + environment_.program + ": " + std::to_string(done) + " of " + std::to_string(total_) +
       " files");
  drawn_ = true;
  next_ = Clock::now() + interval;
}

void Progress::wipe() {
  if (drawn_) err_(erase_line);
  drawn_ = false;
}

}  // namespace leafseal::cli
