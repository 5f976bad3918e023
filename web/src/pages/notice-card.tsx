import type { Interview } from "@verbatim/shared/api/interviews";
import { fullDate } from "../clock/format.ts";
import { NoticeText } from "../parts/notice-text.tsx";
import { NoticeVersion } from "../parts/notice-version.tsx";
import { useWords } from "../words/words.ts";
import styles from "./interview-page.module.css";

/** What everyone who speaks agrees to, and what the candidate answered. */
export function NoticeCard({ interview }: { interview: Interview }) {
  const { desk } = useWords();
  const words = desk.notice;
  const { consent, notice, zone } = interview;
  return (
    <section className={styles["card"]} aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>
        {consent === null
          ? words.unanswered
          : (consent.accepted ? words.agreed : words.declined)(fullDate(consent.at, zone))}
      </p>
      <details className={styles["noticeText"]}>
        <summary>{words.read}</summary>
        <NoticeText notice={notice} />
        <NoticeVersion notice={notice} />
      </details>
    </section>
  );
}
