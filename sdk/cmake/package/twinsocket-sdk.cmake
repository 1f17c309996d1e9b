find_dependency(Boost 1.81)         # headers alone
find_dependency(nlohmann_json 3.10)
find_dependency(tinyxml2)           # no version here: its package takes "9" for "9 and no other"
