#include "lib/notice/write.h"

#include "lib/notice/compose.h"
#include "lib/notice/language.h"
#include "lib/notice/layout.h"
#include "lib/notice/phrases.h"

namespace plainbounce {

Notice write_notice(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                    const Wording& wording, const House& house,
                    const std::vector<std::string>& readers) {
  const LanguageChoice choice = choose_language(report, readers, house, wording);
  const Messages& english = wording.messages("en");
  const Phrases phrases(*choice.first, english);
  NoticeContent content = compose({report, diagnosis, knowledge, house, phrases});
  Notice notice;
  notice.language = choice.first->language();
  notice.right_to_left = choice.first->right_to_left();
  notice.subject = content.subject;
  if (choice.second == nullptr) {
    notice.text = lay_out_text(content, wording.text_template(), phrases);
    notice.html = lay_out_html({{content, phrases}}, wording.html_template());
    return notice;
  }
  const Phrases below(*choice.second, english);
  const NoticeContent second = compose({report, diagnosis, knowledge, house, below});
  content.original.clear();  // stands at the end, once
  notice.text = lay_out_text(content, wording.text_template(), phrases, below.say("also.below"));
  notice.text += "\n\n" + lay_out_text(second, wording.text_template(), below);
  notice.html = lay_out_html({{content, phrases}, {second, below}}, wording.html_template());
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
