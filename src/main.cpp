// Parse, run, print the error, exit: everything else is in cli/app.
#include "cli/app.hpp"

int main(int argc, char** argv) { return leafseal::cli::main(argc, argv); }
