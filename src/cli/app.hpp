// The program as a function: what main() runs, and what tests run in-process.
#pragma once

#include "leafseal/environment.hpp"

namespace leafseal::cli {

int main(int argc, char** argv);

// Runs one command line and prints its error, if any. Returns the exit code.
int run(Environment& environment);

}  // namespace leafseal::cli
