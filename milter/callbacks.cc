#include "milter/callbacks.h"

#include <libmilter/mfapi.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <new>
#include <string>

#include "milter/client_address.h"

// Nothing is thrown into libmilter, and nothing but CONTINUE, NOREPLY and ACCEPT is ever returned:
// Session's calls don't throw, and what allocates here is caught here.
namespace plainbounce {
namespace {

constexpr unsigned long kActions = SMFIF_CHGBODY | SMFIF_CHGHDRS | SMFIF_ADDHDRS;
constexpr unsigned long kNotWanted = SMFIP_NOHELO | SMFIP_NOUNKNOWN | SMFIP_NODATA;
constexpr unsigned long kNothingWanted = kNotWanted | SMFIP_NOCONNECT | SMFIP_NOMAIL |
                                         SMFIP_NORCPT | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOBODY;
// Answered are MAIL, the end of the header and of the message. To an MTA that waits for an answer
// to the others all the same, libmilter itself says "continue".
constexpr unsigned long kNeverAnswered =
    SMFIP_NR_CONN | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_BODY;

Workplace* g_workplace = nullptr;
std::atomic<int> g_running{0};

struct Running {
  Running() { ++g_running; }
  ~Running() { --g_running; }
};

class MilterSink : public EditSink {
 public:
  explicit MilterSink(SMFICTX* context) : context_(context) {}

  bool replace_body(std::string_view chunk) override {
    // libmilter takes non-const pointers, here and below, but only reads.
    auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(chunk.data()));
    return smfi_replacebody(context_, bytes, static_cast<int>(chunk.size())) == MI_SUCCESS;
  }
  bool replace_header(const std::string& name, const std::string& value) override {
    return smfi_chgheader(context_, const_cast<char*>(name.c_str()), 1,
                          const_cast<char*>(value.c_str())) == MI_SUCCESS;
  }
  bool add_header(const std::string& name, const std::string& value) override {
    return smfi_addheader(context_, const_cast<char*>(name.c_str()),
                          const_cast<char*>(value.c_str())) == MI_SUCCESS;
  }

 private:
  SMFICTX* context_;
};

Session* session_of(SMFICTX* context) { return static_cast<Session*>(smfi_getpriv(context)); }

// Made when first needed: an MTA may open several sessions, one after another, on one connection.
// Null: out of memory.
Session* make_session(SMFICTX* context) {
  if (Session* const session = session_of(context)) return session;
  try {
    auto session = std::make_unique<Session>(*g_workplace);
    if (smfi_setpriv(context, session.get()) != MI_SUCCESS) return nullptr;
    return session.release();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// A macro of the MTA; empty: it hasn't sent it.
std::string_view macro(SMFICTX* context, const char* name) {
  const char* const value = smfi_getsymval(context, const_cast<char*>(name));  // it only reads it
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::string_view queue_id(SMFICTX* context) { return macro(context, "i"); }

sfsistat status_of(Session::Next next) {
  return next == Session::Next::kAccept ? SMFIS_ACCEPT : SMFIS_CONTINUE;
}

sfsistat on_negotiate(SMFICTX*, unsigned long actions, unsigned long steps, unsigned long,
                      unsigned long, unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* unused2, unsigned long* unused3) {
  const Running running;
  *unused2 = 0;
  *unused3 = 0;
  if ((actions & kActions) == kActions) {
    *wanted_actions = kActions;
    *wanted_steps = steps & (kNotWanted | kNeverAnswered);
  } else {  // without them there is nothing that we could do
    spdlog::warn("the MTA allows no edits (actions {:#x}): its mail passes unchanged", actions);
    *wanted_actions = 0;
    *wanted_steps = steps & kNothingWanted;
  }
  return SMFIS_CONTINUE;
}

sfsistat on_connect(SMFICTX* context, char*, sockaddr* address) {
  const Running running;
  try {
    if (Session* const session = make_session(context))
      session->connect(client_address(address), macro(context, "j"));
  } catch (const std::bad_alloc&) {  // its address stays unknown: it isn't trusted
  }
  return SMFIS_NOREPLY;
}

sfsistat on_mail(SMFICTX* context, char** arguments) {
  const Running running;
  Session* const session = make_session(context);
  if (session == nullptr) return SMFIS_ACCEPT;
  return status_of(session->mail(arguments[0], queue_id(context)));
}

sfsistat on_recipient(SMFICTX* context, char** arguments) {
  const Running running;
  if (Session* const session = session_of(context)) session->recipient(arguments[0]);
  return SMFIS_NOREPLY;
}

sfsistat on_header(SMFICTX* context, char* name, char* value) {
  const Running running;
  if (Session* const session = session_of(context)) session->header(name, value);
  return SMFIS_NOREPLY;
}

sfsistat on_end_of_header(SMFICTX* context) {
  const Running running;
  Session* const session = session_of(context);
  if (session == nullptr) return SMFIS_ACCEPT;
  return status_of(session->end_of_header(queue_id(context)));
}

sfsistat on_body(SMFICTX* context, unsigned char* bytes, std::size_t length) {
  const Running running;
  if (Session* const session = session_of(context)) {
    session->body({reinterpret_cast<const char*>(bytes), length});
  }
  return SMFIS_NOREPLY;
}

sfsistat on_end_of_message(SMFICTX* context) {
  const Running running;
  MilterSink sink(context);
  if (Session* const session = session_of(context)) {
    session->end_of_message(queue_id(context), sink);
  }
  return SMFIS_ACCEPT;
}

sfsistat on_abort(SMFICTX* context) {
  const Running running;
  if (Session* const session = session_of(context)) session->reset();
  return SMFIS_CONTINUE;
}

sfsistat on_close(SMFICTX* context) {
  const Running running;
  delete session_of(context);
  smfi_setpriv(context, nullptr);
  return SMFIS_CONTINUE;
}

}  // namespace

bool register_callbacks(Workplace& workplace) {
  g_workplace = &workplace;
  static char name[] = "plainbounce";
  smfiDesc description{};
  description.xxfi_name = name;
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_flags = kActions;
  description.xxfi_connect = on_connect;
  description.xxfi_envfrom = on_mail;
  description.xxfi_envrcpt = on_recipient;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_end_of_header;
  description.xxfi_body = on_body;
  description.xxfi_eom = on_end_of_message;
  description.xxfi_abort = on_abort;
  description.xxfi_close = on_close;
  description.xxfi_negotiate = on_negotiate;
  return smfi_register(description) == MI_SUCCESS;
}

int running_callbacks() { return g_running; }

}  // namespace plainbounce
