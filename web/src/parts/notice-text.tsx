import type { Notice } from "@verbatim/shared/api/notice";

/** The notice as it is accepted: what is recorded first, each part in its own language. */
export function NoticeText({ notice }: { notice: Notice }) {
  return (
    <>
      {notice.fixed.text.map((paragraph) => (
        <p key={paragraph} lang={notice.fixed.language}>
          {paragraph}
        </p>
      ))}
      {notice.text.map((paragraph) => (
        <p key={paragraph} lang={notice.language}>
          {paragraph}
        </p>
      ))}
    </>
  );
}
