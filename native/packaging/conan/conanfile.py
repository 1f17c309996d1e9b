# Conan 2 recipe: conan create native/packaging/conan            (-o "&:native=False" builds only the codecs,
#                                                            -o "&:shared=True" shared libraries)
#
# Dependencies of twinsocket/0.1.0: Boost headers, nlohmann_json, tinyxml2; with native=True also OpenSSL, zlib and ICU.

from pathlib import Path
from re import search

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir

required_conan_version = ">=2.0"


class Twinsocket(ConanFile):
    name = "twinsocket"
    description = "One WebSocket API in C++20 for servers, native clients and browsers"
    license = "MIT"
    topics = ("websocket", "rfc6455", "json", "xml", "asio", "coroutines")
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False], "native": [True, False]}
    default_options = {"shared": False, "fPIC": True, "native": True, "boost/*:header_only": True}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return Path(self.recipe_folder).parents[2]

    def set_version(self):
        header = (self._root / "sdk/include/twinsocket/version.hpp").read_text()
        self.version = search(r'TWINSOCKET_VERSION "([^"]+)"', header).group(1)

    def export_sources(self):
        # The last pattern is the npm client, if run.sh has built it. twinsocket_add_npm_package puts it into packages.
        for pattern in ("CMakeLists.txt", "LICENSE", "sdk/*", "native/*", "wasm/npm/*", "build/npm/twinsocket/*"):
            copy(self, pattern, src=str(self._root), dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)

    def requirements(self):
        # The public headers include Boost and nlohmann_json, so consumers need these headers too.
        self.requires("boost/[>=1.81 <2]", transitive_headers=True)
        self.requires("nlohmann_json/[>=3.10 <4]", transitive_headers=True)
        self.requires("tinyxml2/[>=9]")
        if self.options.native:
            self.requires("openssl/[>=3 <4]")
            self.requires("zlib/[>=1.2.11 <2]")
            self.requires("icu/[>=72]")

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "PROGRAM", "REDIS"):
            toolchain.cache_variables[f"TWINSOCKET_{part}"] = False
        toolchain.cache_variables["TWINSOCKET_NATIVE"] = bool(self.options.native)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", src=self.source_folder, dst=str(Path(self.package_folder) / "licenses"))
        package = Path(self.package_folder)
        (package / "lib/cmake/twinsocket/npm").rename(package / "lib/twinsocket-npm")
        # Conan generates the CMake and pkg-config files for consumers itself.
        for folder in ("lib/cmake", "lib/pkgconfig", "share"):
            rmdir(self, str(package / folder))

    def package_info(self):
        self.cpp_info.set_property("cmake_build_modules", ["lib/twinsocket-npm/twinsocket-npm.cmake"])
        sdk = self.cpp_info.components["sdk"]
        sdk.libs = ["twinsocket_sdk"]
        sdk.requires = ["boost::headers", "nlohmann_json::nlohmann_json", "tinyxml2::tinyxml2"]
        self._name("sdk")
        if self.options.native:
            native = self.cpp_info.components["native"]
            native.libs = ["twinsocket_native"]
            native.requires = ["sdk", "openssl::openssl", "zlib::zlib", "icu::icu-uc"]
            if self.settings.os in ("Linux", "FreeBSD"):
                native.system_libs = ["pthread"]
            self._name("native")

    def _name(self, component):
        info = self.cpp_info.components[component]
        info.set_property("cmake_target_name", f"twinsocket::{component}")
        info.set_property("pkg_config_name", f"twinsocket-{component}")
