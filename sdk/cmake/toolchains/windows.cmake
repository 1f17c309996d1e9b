# 64-bit Windows, with the MinGW-w64 of Debian whose threads are those of POSIX (g++-mingw-w64-x86-64-posix). The programs run
# in Wine. The libraries are those that sdk/cmake/windows/dependencies.sh has built.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(libraries "${root}/build/third-party/windows")
set(CMAKE_FIND_ROOT_PATH "${libraries}" /usr/x86_64-w64-mingw32)
# Boost's package is in a folder that has the name of this machine's architecture.
file(GLOB Boost_DIR "${libraries}/lib/*/cmake/Boost-*")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
# The programs need no DLLs of the compiler or of zlib, whose package has both kinds of library.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(ZLIB_LIBRARY /usr/x86_64-w64-mingw32/lib/libz.a)
# Wine's registry and drives are in a folder of their own. It makes them without asking for .NET and HTML.
set(CMAKE_CROSSCOMPILING_EMULATOR
  env "WINEPREFIX=${root}/build/wine" WINEDEBUG=-all "WINEDLLOVERRIDES=mscoree,mshtml=" wine)
