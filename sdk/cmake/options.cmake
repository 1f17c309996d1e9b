# How our own targets are compiled; none of it reaches the users of the library.
add_library(twinsocket_options INTERFACE)
target_compile_options(twinsocket_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wunused-result
  $<$<BOOL:${TWINSOCKET_WERROR}>:-Werror>)
if(TWINSOCKET_SANITIZE)
  target_compile_options(twinsocket_options INTERFACE -fsanitize=${TWINSOCKET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(twinsocket_options INTERFACE -fsanitize=${TWINSOCKET_SANITIZE})
endif()
