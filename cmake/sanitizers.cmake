# Address and undefined behaviour, and no going on after a finding (security.md B2).
set(LEAFSEAL_SANITIZERS)
if(LEAFSEAL_SANITIZE)
  set(LEAFSEAL_SANITIZERS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

# Coverage feedback for the fuzz targets, clang only.
if(LEAFSEAL_FUZZ)
  list(APPEND LEAFSEAL_SANITIZERS -fsanitize=fuzzer-no-link)
endif()
