# Overlay port that builds this checkout: vcpkg install twinsocket --overlay-ports=native/packaging/vcpkg
# A port in a registry replaces the first line by vcpkg_from_github() of a release.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS FEATURES native TWINSOCKET_NATIVE)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${FEATURE_OPTIONS} -DTWINSOCKET_TESTS=OFF -DTWINSOCKET_PROGRAM=OFF -DTWINSOCKET_REDIS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME twinsocket CONFIG_PATH lib/cmake/twinsocket)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share" "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
