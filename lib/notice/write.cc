#include "lib/notice/write.h"

#include "lib/notice/compose.h"
#include "lib/notice/layout.h"
#include "lib/notice/phrases.h"

namespace plainbounce {

Notice write_notice(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                    const Wording& wording, const House& house) {
  const Messages& messages = wording.messages(house.language);
  const Phrases phrases(messages, wording.messages("en"));
  const Sources sources{report, diagnosis, knowledge, house, phrases};
  const NoticeContent content = compose(sources);
  Notice notice;
  notice.language = messages.language();
  notice.right_to_left = messages.right_to_left();
  notice.subject = content.subject;
  notice.text = lay_out_text(content, wording.text_template(), phrases);
  notice.html = lay_out_html(content, wording.html_template(), phrases);
  return notice;
}

Notice write_preface(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                     const Wording& wording, const House& house) {
  const Messages& messages = wording.messages(house.language);
  const Phrases phrases(messages, wording.messages("en"));
  const Sources sources{report, diagnosis, knowledge, house, phrases};
  Notice preface;
  preface.language = messages.language();
  preface.right_to_left = messages.right_to_left();
  preface.text = lay_out_text(compose(sources), wording.preface_template(), phrases);
  return preface;
}

}  // namespace plainbounce
