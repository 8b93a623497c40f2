# Each warning with what it is here for. -Werror is set by the presets that developers and CI use, not for users.
set(LEAFSEAL_WARNINGS
  -Wall -Wextra            # the usual mistakes
  -Wpedantic               # ISO C++ only
  -Wconversion             # silent narrowing: sizes and offsets are our trade
  -Wshadow                 # two things of one name
  -Wnon-virtual-dtor       # deleting through an interface
  -Wold-style-cast         # casts that can be searched for
  -Woverloaded-virtual     # an override that is none
  -Wnull-dereference
  -Wformat=2
  -Wimplicit-fallthrough)
option(LEAFSEAL_WERROR "warnings are errors" OFF)
if(LEAFSEAL_WERROR)
  list(APPEND LEAFSEAL_WARNINGS -Werror)
endif()
