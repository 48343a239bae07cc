// The parts of a report -> its bytes.
#ifndef PLAINBOUNCE_TESTS_UNIT_REPORT_PARTS_H_
#define PLAINBOUNCE_TESTS_UNIT_REPORT_PARTS_H_

#include <string>
#include <vector>

namespace plainbounce {

// Each part with its header.
inline std::string report_of(
    const std::vector<std::string>& parts,
    const std::string& type = "multipart/report; report-type=delivery-status") {
  std::string message = "Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nContent-Type: " + type +
                        "; boundary=\"b\"\n\n";
  for (const std::string& part : parts) message += "--b\n" + part + "\n";
  return message + "--b--\n";
}

inline const std::string kText = "Content-Type: text/plain\n\n<a@x.example>: full\n";
inline const std::string kStatus =
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.2.2\n";

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_REPORT_PARTS_H_
