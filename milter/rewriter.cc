#include "milter/rewriter.h"

#include <utility>

#include "lib/config/resources.h"
#include "lib/mail/charsets.h"
#include "lib/notice/subject_language.h"

namespace plainbounce {
namespace {

// Reports that take many ways through the libraries: words in another charset, a date, HTML.
constexpr std::string_view kReport =
    "Subject: =?iso-8859-1?Q?=E9?=\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-15\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n<b@example.net>: 550 5.1.1 =E9\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example.org\r\nArrival-Date: Tue, 14 Nov 2023 22:13:19 +0100\r\n\r\n"
    "Final-Recipient: rfc822; b@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Remote-MTA: dns; mx.example.net\r\nDiagnostic-Code: smtp; 550 5.1.1 b@example.net\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\n"
    "From: a@example.org\r\nTo: b@example.net\r\nSubject: =?windows-1252?B?6Q==?=\r\n\r\n\r\n"
    "--b--\r\n";
constexpr std::string_view kHtmlBounce =
    "From: mailer-daemon@example.org\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n"
    "<p>&lt;b@example.net&gt;: 550 5.1.1 &eacute;</p>\r\n";

// What libraries set up when they are first used is set up here: workers that are forked later
// share it, and may not look for the files that it takes (character sets, time zones).
void warm_up(const Work& work) {
  load_charsets();
  language_of_subject("", "");
  const Envelope envelope{"", {"a@example.org"}, ""};
  for (const std::string_view message : {kReport, kHtmlBounce}) work(message, envelope, {});
}

}  // namespace

WorkResult::WorkResult(Rewrite rewrite) : reason(rewrite.reason) {
  note_rewrite(rewrite, findings);
  detail = std::move(rewrite.detail);
  edit = std::move(rewrite.edit);
}

WorkResult WorkResult::failed(FailOpenReason reason, std::string detail) {
  WorkResult result;
  result.failure = reason;
  result.detail = std::move(detail);
  return result;
}

Work load_work(const Config& config) {
  auto resources = std::make_shared<const Resources>(load_resources(config));
  resources->knowledge.prepare();
  Work work = [policy = config.policy, house = config.house, resources = std::move(resources)](
                  std::string_view message, const Envelope& envelope, const std::stop_token& stop) {
    return WorkResult(rewrite(message, envelope, policy, house, *resources, stop));
  };
  warm_up(work);
  return work;
}

Rewriter rewriter_of(const Config& config) {
  Rewriter rewriter;
  rewriter.judge_envelope = [policy = config.policy](const Envelope& envelope) {
    return judge_envelope(envelope, policy);
  };
  rewriter.explains_other_bounces = config.policy.other_bounces == OtherBounces::kExplain;
  rewriter.max_message_size = config.max_message_size;
  rewriter.max_memory = config.max_memory;
  rewriter.time_budget = config.time_budget;
  rewriter.max_silence = config.max_silence;
  rewriter.max_sessions = config.max_sessions;
  rewriter.observe = config.observe;
  return rewriter;
}

std::shared_ptr<const Rewriter> CurrentRewriter::get() const {
  const std::lock_guard lock(mutex_);
  return rewriter_;
}

void CurrentRewriter::replace(std::shared_ptr<const Rewriter> rewriter) {
  const std::lock_guard lock(mutex_);
  rewriter_.swap(rewriter);
}

}  // namespace plainbounce
