#!/usr/bin/env bash
# Installs dependencies, builds, serves the demo, tests, and measures. `./run.sh help` lists the commands.
set -eu -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly logs=build/logs stamps=build/stamps tools=build/tools third_party=build/third-party
readonly node_wanted=20
# A Node.js that this script installed takes precedence over the system's.
export PATH="$PWD/$tools/node_modules/.bin:$PATH"
export npm_config_audit=false npm_config_fund=false npm_config_loglevel=error npm_config_update_notifier=false

usage() {
  cat <<'END'
usage: ./run.sh COMMAND [OPTIONS]
  setup                       installs all dependencies for building, testing and measuring
  build                       builds the native library, the wasm package and the demo site
  demo [--port N] [--no-open] builds, then serves the demo on http://127.0.0.1:8080/ (or port N)
  test [--quick | --sanitize] builds, then runs all tests and a little fuzzing; --quick omits slow tests and fuzzing;
                              --sanitize runs the C++ tests with AddressSanitizer, UndefinedBehaviorSanitizer and
                              ThreadSanitizer instead
  test --posix | --libcxx     runs the C++ tests of another build instead: with only the system calls of POSIX, as on systems
                              other than Linux; or by clang with its libc++
  test --arm64 | --armhf      runs the unit tests of the SDK for 64-bit or 32-bit ARM instead, in QEMU
  test --windows              builds everything native for 64-bit Windows instead, and runs tests of it in Wine
  test --runtimes             runs the npm package in versions of Node, Bun, Deno, workerd and Hermes instead
  bench                       builds, then runs the benchmarks
  docs                        writes the guides and the reference of both languages to build/site/docs
  site [URL]                  builds the demo page and the docs: all that a static host needs, in build/site. URL is
                              where it will be, for the picture that other sites show beside a link to it
  package                     builds build/npm/twinsocket-VERSION.tgz and prints its size
  fuzz [SECONDS]              builds the fuzz targets with clang and runs each for SECONDS (60)
  coverage                    runs the tests of the library and of the npm package, and prints how many lines and branches
                              they execute
  help                        prints this
Each command first installs missing dependencies and reports them. It repeats only the steps whose inputs have changed.
END
}

fail() { printf 'run.sh: %s\n' "$1" >&2; exit "${2:-1}"; }
wrong_usage() { printf 'run.sh: %s\n' "$1" >&2; usage >&2; exit 2; }

# Steps are planned first, so that each can print the total number.
step_titles=() step_calls=()
plan() { step_titles+=("$1"); step_calls+=("$2"); } # title, function and arguments

ticker=
trap '[ -z "$ticker" ] || kill "$ticker" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

run_steps() {
  local total=${#step_titles[@]} number title log started status
  mkdir -p "$logs" "$stamps"
  for ((number = 1; number <= total; ++number)); do
    title=${step_titles[number - 1]}
    log=${title%% (*}
    log="$logs/${log//[^A-Za-z0-9]/-}.log"
    printf '[%d/%d] %s ... ' "$number" "$total" "$title"
    started=$SECONDS
    if [ -t 1 ]; then
      while sleep 1; do printf '\r[%d/%d] %s ... %d s ' "$number" "$total" "$title" $((SECONDS - started)); done &
      ticker=$!
    fi
    hash -r
    set +e
    # shellcheck disable=SC2086  # the call is a function and its arguments
    (set -e; ${step_calls[number - 1]}) >"$log" 2>&1 </dev/null
    status=$?
    set -e
    if [ -n "$ticker" ]; then
      kill "$ticker" 2>/dev/null || true
      wait "$ticker" 2>/dev/null || true
      ticker=
      printf '\r[%d/%d] %s ... ' "$number" "$total" "$title"
    fi
    if [ "$status" -ne 0 ]; then
      printf 'failed after %d s\n' $((SECONDS - started))
      tail -n 20 "$log" | cut -c 1-400 | sed 's/^/    /'
      fail "$title failed; all of its output is in $log"
    fi
    printf '%d s\n' $((SECONDS - started))
  done
  step_titles=() step_calls=()
}

# A stamp file contains the checksum of the inputs of the last successful run of a step.
checksum() { # files and folders
  find "$@" -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum
}
is_current() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; } # name, checksum

# Setup: packages of the system.
missing=()
has_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Adds a group of packages and the reason for it. a|b: the package has different names in different distributions.
need() {
  local group=$1 why=$2 package name found absent=()
  shift 2
  if ! has_apt; then
    printf 'needed, %s (%s): %s\n' "$group" "$why" "${*%%|*}"
    return
  fi
  for package in "$@"; do
    found=
    for name in ${package//|/ }; do
      # NodeSource's package nodejs contains npm. In Debian npm is a separate package.
      if is_installed "$name" || { [ "$name" = npm ] && command -v npm >/dev/null; }; then found=yes; fi
    done
    [ -n "$found" ] || absent+=("$package")
  done
  [ ${#absent[@]} -eq 0 ] || printf 'to install, %s (%s): %s\n' "$group" "$why" "${absent[*]%%|*}"
  missing+=(${absent[@]+"${absent[@]}"})
}

need_to_build() {
  need compiler "builds the native library and the program" g++ make cmake ninja-build ccache pkg-config
  need libraries "HTTP, sockets and TLS; JSON; XML; compression; host names; sensors; line editing; command line; Redis; unit tests" \
    'libboost1.81-dev|libboost1.83-dev|libboost-dev' nlohmann-json3-dev libtinyxml2-dev libssl-dev zlib1g-dev libicu-dev \
    libsensors-dev libedit-dev libcli11-dev libhiredis-dev catch2
  need wasm "compiles for browsers, with tinyxml2 and Catch2 from their sources" emscripten node-acorn dpkg-dev
  need node "builds the npm package and the page" nodejs npm
}
need_to_test() {
  need_to_document
  need browsers "for the tests of the page" 'chromium|chromium-browser' 'firefox-esr|firefox'
  need style "checks of formatting, spelling and shell scripts" git 'clang-format-14|clang-format' shellcheck codespell
  need counting "counts the instructions of a message" valgrind
  need broker "for the tests of channels on several servers" 'redis-server|valkey-server'
  need_peers
}
need_peers() {
  need peers "for interoperability tests and benchmarks" golang-go golang-golang-x-net-dev \
    golang-github-gorilla-websocket-dev libwebsocketpp-dev libwebsockets-dev rapidjson-dev libsimdjson-dev libpugixml-dev \
    python3 python3-websockets 'nginx-light|nginx' openssl tinyproxy microsocks
}
need_to_document() { need reference "the reference of the C++ headers" doxygen; }
need_to_cover() { need coverage "reports of gcov's data" gcovr; }
need_to_fuzz() { need fuzzing "libFuzzer" clang 'libclang-rt-14-dev|libclang-rt-19-dev'; }

as_root=()
plan_packages() {
  local install=(apt-get install -y --no-install-recommends)
  if ! has_apt; then
    echo "This is neither Debian nor Ubuntu: the packages above have these names in Debian 12; nothing is installed here."
    return
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    # On a terminal sudo may ask for the password here, rather than in the middle of a step.
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
      as_root=(sudo)
    else
      printf 'Not root, and no sudo without a password. Run this as root, then try again:\n  apt-get update && %s %s\n' \
        "${install[*]}" "${missing[*]%%|*}" >&2
      exit 1
    fi
  fi
  plan "packages of the system (${#missing[@]} and what they need)" install_packages
}

install_packages() {
  local apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive
    apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  local package name names=()
  # Continue if one repository fails, because the others may have all packages.
  "${apt[@]}" update || true
  for package in "${missing[@]}"; do
    for name in ${package//|/ } "${package%%|*}"; do
      if [ -n "$(apt-cache madison "$name")" ]; then break; fi
    done
    names+=("$name")
  done
  # The tests start their own servers. The services of the installed packages must not run, now or after a reboot.
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' | ${as_root[@]+"${as_root[@]}"} tee "$policy" >/dev/null
    ${as_root[@]+"${as_root[@]}"} chmod +x "$policy"
  fi
  local status=0
  "${apt[@]}" install -y --no-install-recommends "${names[@]}" || status=$?
  if [ -n "$made" ]; then ${as_root[@]+"${as_root[@]}"} rm -f "$policy"; fi
  if [ "$status" -eq 0 ] && command -v systemctl >/dev/null; then
    for name in "${names[@]}"; do
      case $name in
        nginx*) ${as_root[@]+"${as_root[@]}"} systemctl disable nginx || true ;;
        tinyproxy | microsocks | redis-server | valkey-server) ${as_root[@]+"${as_root[@]}"} systemctl disable "$name" || true ;;
      esac
    done
  fi
  return "$status"
}

# Setup: dependencies that are not available as packages in the required form.
has_node() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge "$node_wanted" ]
}

plan_node() { has_node || plan "Node.js 22 (the system's is older than $node_wanted)" bring_node; }
bring_node() {
  if has_node; then return; fi # the system's package, installed just now, may be new enough
  mkdir -p "$tools"
  npm install --prefix "$tools" node@22 npm@10
  hash -r
  has_node
}

# Libraries that are compiled for wasm, from the source of the distribution's package that the native build links: tinyxml2,
# and Catch2 from version 3 on (version 2 is a header).
source_version() { dpkg-query -W -f '${source:Version}' "$1" 2>/dev/null; }
plan_source() { # source package, binary package, one of its source files
  has_apt || return 0 # CMake downloads it
  if [ ! -f "$third_party/$1/$3" ] || ! is_current "$1" "$(source_version "$2")"; then
    plan "source of $1" "fetch_source $1 $2"
  fi
}
plan_sources() {
  plan_source tinyxml2 libtinyxml2-dev tinyxml2.cpp
  if ! has_catch2; then plan "source of catch2" fetch_catch2; fi
}
has_catch2() {
  ! has_apt || [ -f /usr/include/catch2/catch.hpp ] \
    || { [ -f "$third_party/catch2/extras/catch_amalgamated.cpp" ] && is_current catch2 "$(source_version catch2)"; }
}
# Checks again, because the system's package may have been installed just now.
fetch_catch2() { if ! has_catch2; then fetch_source catch2 catch2; fi; }
fetch_source() { # source package, binary package
  local place="$PWD/$third_party/apt" choice
  rm -rf "${third_party:?}/$1"
  # A mirror may lack the newest version. An older one is in another repository.
  for choice in 1 2 3; do
    set_own_apt "$place" "$2" deb-src '' "$choice"
    if (cd "$place" && "${own_apt[@]}" source --download-only "$1"); then break; fi
  done
  dpkg-source --no-copy -x "$place/$1"_*.dsc "$third_party/$1"
  rm -rf "$place"
  source_version "$2" >"$stamps/$1"
}

# Sets own_apt to an apt-get that knows one repository, the one of a package, and changes nothing of the system. The
# repository of a binary package also has its source. Without apt's lists it is the distribution's mirror.
own_apt=()
set_own_apt() { # folder, package, deb-src or deb, architecture, which of several repositories
  local place=$1 from uri='' suite='' keyring='' id
  # shellcheck source=/dev/null
  . /etc/os-release
  from=$(apt-cache madison "$2" | awk -F ' *[|] *' -v n="${5:-1}" 'NR == n {split($3, a, " "); print a[1], a[2]}')
  read -r uri suite <<<"$from" || true
  case ${uri:+known}$ID in
    known*) ;;
    ubuntu) uri=http://archive.ubuntu.com/ubuntu suite=$VERSION_CODENAME/universe ;;
    *) uri=http://deb.debian.org/debian suite=$VERSION_CODENAME/main ;;
  esac
  # Ubuntu has a mirror of its own for what is not a PC.
  if [ "$ID" = ubuntu ] && [ -n "${4-}" ]; then uri=http://ports.ubuntu.com/ubuntu-ports; fi
  for id in ${ID_LIKE:-} "$ID"; do
    if [ -f "/usr/share/keyrings/$id-archive-keyring.gpg" ]; then
      keyring="signed-by=/usr/share/keyrings/$id-archive-keyring.gpg"
    fi
  done
  rm -rf "$place"
  mkdir -p "$place/lists/partial" "$place/cache/archives/partial"
  echo "$3 ${keyring:+[$keyring]} $uri ${suite%/*} ${suite##*/}" | tee "$place/sources.list"
  own_apt=(apt-get -q -o Dir::Etc::sourcelist="$place/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::Lists="$place/lists" -o Dir::Cache="$place/cache" -o APT::Sandbox::User=)
  if [ -n "${4-}" ]; then own_apt+=(-o APT::Architecture="$4" -o APT::Architectures::="$4" -o Dir::State::status=/dev/null); fi
  "${own_apt[@]}" update
}

# The libraries of the SDK and its unit tests for another architecture. They are unpacked, not installed: the system does
# not have to know that architecture.
foreign_libraries() {
  local name
  for name in libboost1.81-dev libboost1.83-dev libboost-dev nlohmann-json3-dev libtinyxml2-dev libicu-dev catch2; do
    is_installed "$name" || continue
    echo "$name"
    # What a package of a library consists of besides: the library itself, and the version of Boost.
    dpkg-query -W -f '${Depends}' "$name" | grep -oE '\blib(boost|tinyxml2|icu)[0-9.-]+(t64|-dev|dev)?\b' || true
  done | sort -u
}
plan_foreign_libraries() { # architecture
  if [ ! -d "$third_party/$1/usr/include/nlohmann" ] || ! is_current "foreign-$1" "$(foreign_libraries)"; then
    plan "libraries ($1)" "fetch_foreign_libraries $1"
  fi
}
fetch_foreign_libraries() { # architecture
  local place="$PWD/$third_party/apt" names archive
  mapfile -t names < <(foreign_libraries)
  rm -rf "${third_party:?}/$1"
  set_own_apt "$place" libtinyxml2-dev deb "$1"
  (cd "$place" && "${own_apt[@]}" download "${names[@]}")
  for archive in "$place"/*.deb; do dpkg-deb -x "$archive" "$third_party/$1"; done
  rm -rf "$place"
  foreign_libraries >"$stamps/foreign-$1"
}

# The libraries for Windows: from headers of this system's packages, and compiled from the sources of its packages.
windows_headers() {
  local name
  for name in libboost1.81-dev libboost1.83-dev libboost-dev nlohmann-json3-dev libcli11-dev; do
    is_installed "$name" || continue
    echo "$name"
    dpkg-query -W -f '${Depends}' "$name" | grep -oE '\blibboost[0-9.]+-dev\b' || true
  done | sort -u
}
windows_libraries() {
  (windows_headers; dpkg-query -W -f '${Package} ${Version}\n' libssl-dev libicu-dev libtinyxml2-dev catch2 libz-mingw-w64-dev
    cat sdk/cmake/windows/dependencies.sh sdk/cmake/windows/icu/CMakeLists.txt sdk/cmake/toolchains/windows.cmake) | sha256sum
}
plan_windows_libraries() {
  plan_source tinyxml2 libtinyxml2-dev tinyxml2.cpp
  plan_source openssl libssl-dev Configure
  plan_source icu libicu-dev source/common/uts46.cpp
  plan_source catch2 catch2 CMakeLists.txt
  if [ ! -f "$third_party/windows/lib/libssl.a" ] || ! is_current windows "$(windows_libraries)"; then
    plan "libraries (windows)" build_windows_libraries
  fi
}
build_windows_libraries() {
  local headers
  mapfile -t headers < <(windows_headers)
  sdk/cmake/windows/dependencies.sh "$third_party" "${headers[@]}"
  windows_libraries >"$stamps/windows"
}

npm_inputs() { (cat "$1"/package*.json; node --version) | sha256sum; }
plan_npm() { # folders
  local folder
  for folder in "$@"; do
    if [ ! -d "$folder/node_modules" ] || ! has_node || ! is_current "npm-${folder//\//-}" "$(npm_inputs "$folder")"; then
      plan "npm packages of $folder" "install_npm $folder"
    fi
  done
}
install_npm() {
  if [ -f "$1/package-lock.json" ]; then
    npm ci --prefix "$1"
  else
    npm install --prefix "$1"
  fi
  npm_inputs "$1" >"$stamps/npm-${1//\//-}"
}

plan_set_up() {
  plan_packages
  plan_node
  plan_sources
  plan_npm wasm
}
plan_build() { # all or demo (without tests)
  local native=all wasm=all messages=npm_packages
  if [ "$1" = demo ]; then native=twinsocket_program wasm="twinsocket_npm demo_server demo_frames" messages=demo-messages; fi
  plan "native (release)" "build_preset release $native"
  plan "wasm (emscripten)" "build_preset wasm $wasm"
  plan "npm package" build_npm_package
  plan "npm packages of messages" "build_preset release $messages"
  plan_npm demo-site # after the package, which it links to
  plan "demo site" build_demo_site
}

build_preset() { # preset, targets
  local preset=$1
  shift
  cmake --preset "$preset"
  cmake --build --preset "$preset" --target "$@" --parallel "$(getconf _NPROCESSORS_ONLN)"
}
build_npm_package() {
  local now
  now=$(checksum wasm sdk/include/twinsocket/version.hpp LICENSE build/wasm/twinsocket.wasm build/wasm/twinsocket_xml.wasm)
  if is_current npm-package "$now" && compgen -G 'build/npm/twinsocket-*.tgz' >/dev/null; then return; fi
  npm run --prefix wasm build
  echo "$now" >"$stamps/npm-package"
}
build_demo_site() {
  local now
  now=$(checksum demo-site build/npm build/wasm/demo_server.wasm build/wasm/demo_frames.wasm)
  if is_current demo-site "$now" && [ -f build/demo-site/index.html ]; then return; fi
  npm run --prefix demo-site build
  echo "$now" >"$stamps/demo-site"
}

set_up() {
  need_to_build
  need_to_test
  need_to_fuzz
  need_to_cover
  plan_set_up
  plan_npm tests tests/packaging tests/frameworks tests/bench/peers/bun tests/bench/codecs/javascript demo-site/reference
  run_steps
  echo "All dependencies are installed."
}

build() { # all or demo
  need_to_build
  plan_set_up
  plan_build "$1"
  run_steps
}

demo() {
  local port=8080 open=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --port)
        [[ ${2-} =~ ^(0|[1-9][0-9]{0,4})$ && $2 -le 65535 ]] || wrong_usage "--port requires a number from 0 to 65535, not '${2-}'"
        port=$2
        shift
        ;;
      --no-open) open= ;;
      *) wrong_usage "demo: unknown option '$1'" ;;
    esac
    shift
  done
  build demo
  if [ -n "$open" ] && [ "$port" -ne 0 ] && [ -t 1 ] && [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] \
    && command -v xdg-open >/dev/null; then
    open_when_served "$port" &
  fi
  exec build/bin/twinsocket serve --port "$port" --site build/demo-site
}
open_when_served() {
  local attempt
  for ((attempt = 0; attempt < 50; ++attempt)); do
    if (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null; then
      xdg-open "http://127.0.0.1:$1/" >/dev/null 2>&1
      return
    fi
    sleep 0.2
  done
}

run_tests() {
  case $* in
    '') ;;
    --quick) ;;
    --sanitize | --posix | --libcxx | --windows | --runtimes)
      "test_${1#--}"
      return
      ;;
    --arm64 | --armhf)
      test_architecture "${1#--}"
      return
      ;;
    *) wrong_usage "test: unknown option '$*'" ;;
  esac
  need_to_build
  need_to_test
  [ "$*" = --quick ] || need_to_fuzz
  plan_set_up
  plan_npm tests
  [ "$*" = --quick ] || plan_npm tests/packaging tests/frameworks tests/bench/peers/bun tests/bench/codecs/javascript demo-site/reference
  plan_build all
  [ "$*" = --quick ] || plan "fuzz targets (clang)" "build_preset fuzz fuzz_programs"
  run_steps
  if [ "$*" = --quick ]; then
    exec node tests/suites.mjs --quick --logs "$logs" native=build/release wasm=build/wasm
  fi
  exec node tests/suites.mjs --logs "$logs" native=build/release wasm=build/wasm clang=build/fuzz
}

# The C++ suites with the sanitizers of the compiler. A sanitizer report fails the suite.
test_sanitize() {
  need_to_build
  plan_packages
  plan_node
  plan "native (asan)" "build_preset asan cpp_tests"
  plan "native (tsan)" "build_preset tsan cpp_tests"
  run_steps
  exec node tests/suites.mjs --label cpp --logs "$logs" asan=build/asan tsan=build/tsan
}

# The C++ suites with the system calls of POSIX only.
test_posix() {
  need_to_build
  plan_packages
  plan_node
  plan "native (posix)" "build_preset posix cpp_tests"
  plan "program (posix)" "build_preset posix twinsocket_program"
  run_steps
  exec node tests/suites.mjs --label cpp --logs "$logs" posix=build/posix
}

# The C++ suites with another compiler and another C++ library. Warnings fail the build.
test_libcxx() {
  need_to_build
  need libcxx "another C++ library, and the compiler that goes with it" clang-19 libc++-19-dev libc++abi-19-dev
  plan_packages
  plan_node
  plan "native with libc++ (clang)" "build_preset libcxx cpp_tests"
  run_steps
  exec node tests/suites.mjs --label cpp --logs "$logs" libcxx=build/libcxx
}

# The runtimes are packages of npm, of more than a gigabyte. They have binaries for Linux on x64.
test_runtimes() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || fail "test --runtimes requires Linux on x64" 2
  need_to_build
  plan_set_up
  plan_npm tests tests/runtimes
  plan "native (release)" "build_preset release twinsocket_program"
  plan "wasm (emscripten)" "build_preset wasm twinsocket_npm"
  plan "npm package" build_npm_package
  run_steps
  exec node tests/suites.mjs --label runtimes --logs "$logs" native=build/release
}

test_architecture() { # arm64 or armhf
  local triplet=aarch64-linux-gnu
  [ "$1" = arm64 ] || triplet=arm-linux-gnueabihf
  has_apt || fail "test --$1 requires the packages of Debian or Ubuntu" 2
  need_to_build
  need "$1" "compiles for another architecture, and runs its programs" "g++-$triplet" qemu-user dpkg-dev
  plan_packages
  plan_node
  plan_foreign_libraries "$1"
  plan "unit tests ($1)" "build_preset $1 unit_tests"
  run_steps
  exec node tests/suites.mjs --label cpp --logs "$logs" "$1=build/$1"
}

# The library, the program and the examples for Windows. The program talks to the one of this system.
test_windows() {
  has_apt || fail "test --windows requires the packages of Debian or Ubuntu" 2
  need_to_build
  need windows "compiles for Windows, and runs its programs" g++-mingw-w64-x86-64-posix libz-mingw-w64-dev 'wine64|wine' wine dpkg-dev icu-devtools
  plan_packages
  plan_node
  plan_windows_libraries
  plan_npm tests
  plan "program (release)" "build_preset release twinsocket_program"
  plan "windows (MinGW-w64)" "build_preset windows windows_programs"
  run_steps
  exec node tests/suites.mjs --logs "$logs" windows=build/windows
}

bench() {
  [ -d tests/bench ] || fail "this version has no benchmarks" 2
  need_to_build
  need_peers
  plan_set_up
  plan_npm tests tests/bench/peers/bun tests/bench/codecs/javascript
  plan_build all
  run_steps
  exec cmake --build --preset release --target bench
}

docs() {
  need_to_document
  plan_packages
  plan_node
  plan_npm demo-site/reference
  plan "documentation" "npm run --prefix demo-site/reference build -- --no-demo"
  run_steps
  echo "The documentation begins with build/site/docs/index.html."
}

site() {
  [ $# -le 1 ] || wrong_usage "site takes one URL, but was given '$*'"
  [[ ${1-https://host/} =~ ^https?://[^[:space:]\'\"\<]+$ ]] || wrong_usage "site requires an http or https URL, not '$1'"
  need_to_build
  need_to_document
  plan_set_up
  plan_build demo
  plan_npm demo-site/reference
  plan "site" "npm run --prefix demo-site/reference build -- ${1:+--url $1}"
  run_steps
  echo "build/site is ready for any static host. To look at it: build/bin/twinsocket serve --site build/site"
}

package() {
  need_to_build
  plan_set_up
  plan "wasm (emscripten)" "build_preset wasm twinsocket_npm"
  run_steps
  exec node wasm/build.mjs
}

fuzz() {
  [ $# -le 1 ] || wrong_usage "fuzz takes one number, but was given '$*'"
  [[ ${1-60} =~ ^[1-9][0-9]{0,5}$ ]] || wrong_usage "fuzz requires a number of seconds, not '$1'"
  [ -d tests/fuzz ] || fail "this version has no fuzz targets" 2
  need_to_build
  need_to_fuzz
  plan_packages
  plan_node
  plan "fuzz targets (clang)" "build_preset fuzz fuzz_programs"
  run_steps
  # The target reads the run time of each program from the environment.
  TWINSOCKET_FUZZ_SECONDS=${1-60} exec cmake --build --preset fuzz --target fuzz
}

# Without branches that only an exception takes: most of them are failed allocations, which other tests count one by one.
# Functions of one name may begin in different lines, such as those of templates. gcovr before version 6 asserts that they
# do not, and has no option.
run_gcovr() {
  if gcovr --help | grep -q -- --merge-mode-functions; then
    gcovr --merge-mode-functions separate "$@"
  else
    PYTHONOPTIMIZE=1 gcovr "$@"
  fi
}

coverage() {
  [ $# -eq 0 ] || wrong_usage "coverage takes no arguments, but was given '$*'"
  need_to_build
  need_to_test
  need_to_cover
  plan_set_up
  plan_npm tests
  plan_build all
  plan "native (coverage)" "build_preset coverage cpp_tests"
  run_steps
  local data=$logs/coverage.json part
  find build/coverage -name '*.gcda' -delete
  node tests/suites.mjs --label cpp --logs "$logs" coverage=build/coverage
  run_gcovr --root . --object-directory build/coverage --exclude-throw-branches --exclude-unreachable-branches \
    --filter sdk/ --filter native/ --json "$data" >"$logs/gcovr.log" 2>&1 || fail "gcovr failed; its output is in $logs/gcovr.log"
  for part in sdk/src native/src; do
    printf '\n%s\n' "$part"
    run_gcovr --root . --filter "$part/" --add-tracefile "$data" --txt "$logs/coverage-${part%%/*}.txt" --print-summary
  done
  printf '\nLines of each file that no test executes: %s\n' "$logs/coverage-sdk.txt, $logs/coverage-native.txt"
  printf '\nwasm/js\n'
  node tests/javascript_coverage.mjs --build build/release --logs "$logs"
}

verb=${1-}
shift || true
case $verb in
  setup | build | bench | docs | package) [ $# -eq 0 ] || wrong_usage "$verb takes no options, but was given '$1'" ;;
esac
case $verb in
  setup) set_up ;;
  build) build all ;;
  bench | docs | site | package | demo) "$verb" "$@" ;;
  fuzz) fuzz "$@" ;;
  coverage) coverage "$@" ;;
  test) run_tests "$@" ;;
  help | --help | -h) usage ;;
  '') wrong_usage "missing command" ;;
  *) wrong_usage "unknown command '$verb'" ;;
esac
