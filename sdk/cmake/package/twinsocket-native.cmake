find_dependency(Threads)
find_dependency(OpenSSL)
find_dependency(ZLIB)
find_dependency(ICU COMPONENTS uc)
