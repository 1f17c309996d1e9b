#include "conversation.hpp"
#include "twinsocket/native/run.hpp"

int main(int argc, char** argv) { return twinsocket::native::run(converse({argv + 1, argv + argc})); }
