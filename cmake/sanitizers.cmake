# Address and undefined behaviour, and no going on after a finding (security.md B2).
set(LEAFSEAL_SANITIZERS)
if(LEAFSEAL_SANITIZE)
  set(LEAFSEAL_SANITIZERS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
