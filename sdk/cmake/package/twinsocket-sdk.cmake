find_dependency(Boost 1.81 CONFIG)  # headers only
find_dependency(nlohmann_json 3.10)
find_dependency(tinyxml2)           # without a version, because tinyxml2's package accepts only version 9 for "9"
