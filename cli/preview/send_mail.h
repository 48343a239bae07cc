// A whole message -> the local mail server, by sendmail(1).
#ifndef PLAINBOUNCE_CLI_PREVIEW_SEND_MAIL_H_
#define PLAINBOUNCE_CLI_PREVIEW_SEND_MAIL_H_

#include <stdexcept>
#include <string>

namespace plainbounce {

// What went wrong, for standard error. Exit status 2.
class SendError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Hands it over with the null sender, as bounces have it. `message`: lines end LF. `address`: as
// may_be_mailto() (links.h) has it, without "-" in front. Throws SendError.
void send_mail(const std::string& message, const std::string& address);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_PREVIEW_SEND_MAIL_H_
