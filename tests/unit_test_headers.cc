// Nothing but the headers that unit tests have in common, precompiled (CMakeLists.txt).
int main() {}
