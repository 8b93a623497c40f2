// completion: prints a script that makes a shell complete commands, flags, their values and key paths (spec:
// cli.md 3.14).
#include "cli/command.hpp"
#include "cli/completion_scripts.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

template <auto script>
int print(Environment& environment, const CommandLine&) {
  environment.out(script(environment.program));
  return 0;
}

constexpr Command bash = {"bash",
                          "",
                          "print the script for bash",
                          "In a running shell, and for good where bash-completion is installed:\n"
                          "    . <(leafseal completion bash)\n"
                          "    leafseal completion bash > ~/.local/share/bash-completion/completions/leafseal\n",
                          own_flags,
                          print<bash_completion>};
constexpr Command zsh = {"zsh",
                         "",
                         "print the script for zsh",
                         "Into a directory that is in $fpath before compinit runs:\n"
                         "    leafseal completion zsh > ~/.zsh/completions/_leafseal\n",
                         own_flags,
                         print<zsh_completion>};
constexpr Command fish = {"fish",
                          "",
                          "print the script for fish",
                          "Where fish looks for it:\n"
                          "    leafseal completion fish > ~/.config/fish/completions/leafseal.fish\n",
                          own_flags,
                          print<fish_completion>};
constexpr Command powershell = {"powershell",
                                "",
                                "print the script for PowerShell",
                                "At the end of the profile:\n"
                                "    leafseal completion powershell >> $PROFILE\n",
                                own_flags,
                                print<powershell_completion>};
constexpr std::array shells = std::to_array<const Command*>({&bash, &zsh, &fish, &powershell});

}  // namespace

constinit const Command completion_command = {
    "completion",
    "bash|zsh|fish|powershell",
    "print a script for completion in a shell",
    "Complete commands, flags, files and paths of keys in this bash:\n"
    "    . <(leafseal completion bash)\n",
    own_flags,
    nullptr,
    shells,
};

}  // namespace leafseal::cli
