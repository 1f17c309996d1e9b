# Compiles for another architecture with a cross compiler of Debian, and runs the programs with QEMU. A toolchain file sets
# `architecture` (Debian's name), `triplet` and `emulator`, then includes this one. The libraries are those of Debian's
# packages for that architecture, which `./run.sh test --ARCHITECTURE` unpacks into build/third-party. The C and C++
# libraries are those of the cross compiler.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH "${root}/build/third-party/${architecture}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
# The packages name their libraries by the path that they have when they are installed.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--disable-new-dtags,-rpath,${CMAKE_FIND_ROOT_PATH}/usr/lib/${triplet}")
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -L /usr/${triplet})
