#include "cli/commands.h"
namespace plainbounce { int run_explain(const ExplainOptions&, const Environment&) { return kDone; } }
