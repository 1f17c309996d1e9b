#!/usr/bin/env bash
# Makes the libraries that twinsocket needs for 64-bit Windows, in THIRD_PARTY/windows. OpenSSL, ICU, tinyxml2 and Catch2 are
# compiled by MinGW-w64 from the sources of this system's packages, which are in THIRD_PARTY. Libraries that consist of headers
# are linked from /usr/include, which also has headers of this system: each is linked by itself. `./run.sh test --windows`
# calls this with the packages of such libraries.
#   dependencies.sh THIRD_PARTY PACKAGE...
set -eu -o pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$(cd "$1" && pwd)
prefix=$sources/windows
shift
jobs=$(getconf _NPROCESSORS_ONLN)
# For CMake, and for OpenSSL's own build.
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache PATH=/usr/lib/ccache:$PATH; fi

link_headers() { # package
  local path copy
  for path in $(dpkg -L "$1"); do
    case $path in
      /usr/include/*/*) ;;
      /usr/include/*) ln -sfn "$path" "$prefix/include/${path##*/}" ;;
      # Such a file finds the headers from its own place.
      */cmake/*.cmake)
        copy=$prefix${path#/usr}
        mkdir -p "${copy%/*}"
        cp "$path" "$copy"
        ;;
    esac
  done
}

build_with_cmake() { # name, folder of CMakeLists.txt, options
  local name=$1 folder=$2 build
  shift 2
  build=$sources/windows-build/$name
  cmake -S "$folder" -B "$build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$here/../toolchains/windows.cmake" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_TESTING=OFF "$@"
  cmake --build "$build" --parallel "$jobs"
  cmake --install "$build"
}

build_openssl() {
  local build=$sources/windows-build/openssl
  mkdir -p "$build"
  cd "$build"
  # Below the prefix is the folder in which OpenSSL looks for its settings at run time. Only administrators may write to it.
  "$sources/openssl/Configure" mingw64 --cross-compile-prefix=x86_64-w64-mingw32- --libdir=lib \
    --prefix="C:/Program Files/Common Files" --openssldir=SSL no-shared no-tests no-engine no-legacy no-dso
  make -j "$jobs" build_generated
  make -j "$jobs" libcrypto.a libssl.a
  cp libcrypto.a libssl.a "$prefix/lib/"
  cp -R "$sources/openssl/include/openssl" "$prefix/include/"
  cp include/openssl/*.h "$prefix/include/openssl/"
  cd - >/dev/null
}

rm -rf "$prefix" "$sources/windows-build"
mkdir -p "$prefix/include" "$prefix/lib"
for package in "$@"; do link_headers "$package"; done
build_with_cmake tinyxml2 "$sources/tinyxml2" -DBUILD_SHARED_LIBS=OFF -Dtinyxml2_BUILD_TESTING=OFF
build_with_cmake icu "$here/icu" -DICU_SOURCE="$sources/icu/source"
build_with_cmake catch2 "$sources/catch2" -DCATCH_INSTALL_DOCS=OFF
build_openssl
