#include "base/user_account.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "base/descriptor.hpp"

namespace leafseal {
namespace {

std::vector<gid_t> groups_of(const char* name, gid_t primary) {
  int count = 64;
  std::vector<gid_t> groups;
  for (;;) {
    groups.resize(static_cast<std::size_t>(count));
    const int room = count;
    if (::getgrouplist(name, primary, groups.data(), &count) >= 0) break;
    if (count <= room) count = 2 * room;
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

bool can_become_root() { return ::setuid(0) == 0 || ::seteuid(0) == 0 || ::setreuid(0, 0) == 0; }

bool is_only(const UserAccount& account) {
  uid_t real = 0, effective = 0, saved = 0;
  gid_t real_group = 0, effective_group = 0, saved_group = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && real == account.user && effective == account.user &&
         saved == account.user && ::getresgid(&real_group, &effective_group, &saved_group) == 0 &&
         real_group == account.group && effective_group == account.group && saved_group == account.group;
}

}  // namespace

UserAccount find_user(const std::string& name) {
  struct passwd entry = {};
  struct passwd* found = nullptr;
  std::vector<char> buffer(1024);
  int number = ERANGE;
  while (number == ERANGE && buffer.size() <= (std::size_t{1} << 20)) {
    buffer.resize(2 * buffer.size());
    number = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  if (found == nullptr && (number == 0 || number == ENOENT || number == ESRCH)) {
    throw Error(ExitCode::generic, "user: unknown user " + quoted(name));
  }
  if (found == nullptr) throw Error(ExitCode::generic, "user: cannot look up " + quoted(name) + ": " + reason(number));
  return {found->pw_name, found->pw_dir, found->pw_uid, found->pw_gid, groups_of(found->pw_name, found->pw_gid)};
}

void become_user(const UserAccount& account) {
  const bool changed = ::setgroups(account.groups.size(), account.groups.data()) == 0 &&
                       ::setresgid(account.group, account.group, account.group) == 0 &&
                       ::setresuid(account.user, account.user, account.user) == 0;
  if (!changed) {
    throw Error(ExitCode::generic, "cannot become user " + quoted(account.name) + ": " + reason(errno),
                {"only root can run a command as another user"});
  }
  if (!is_only(account) || (account.user != 0 && can_become_root())) {
    throw Error(ExitCode::generic, "user " + quoted(account.name) + " would keep rights of the present user");
  }
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // which the change of user may have set again
}

}  // namespace leafseal
