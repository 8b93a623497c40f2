// groups: the key groups of a file (spec: cli.md 3.8). The data key stays; see groups_add.cpp and groups_delete.cpp.
#include "cli/command.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

constexpr std::array all = std::to_array<const Command*>({&groups_add_command, &groups_delete_command});

}  // namespace

constinit const Command groups_command = {
    "groups",
    "add|delete",
    "add or delete a key group of a file",
    "Let a second team open a file too, each with its own keys, both needed:\n"
    "    leafseal groups add -i -f secrets.yaml --age age1... --pgp 0123456789ABCDEF0123456789ABCDEF01234567\n"
    "Take the first group away:\n"
    "    leafseal groups delete -i -f secrets.yaml 0\n",
    own_flags,
    nullptr,
    all,
};

}  // namespace leafseal::cli
