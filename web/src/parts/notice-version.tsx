import { Text } from "@mantine/core";
import type { Notice } from "@verbatim/shared/api/notice";
import { useWords } from "../words/words.ts";

/** Enough to tell versions apart by eye; the whole one is stored with every answer. */
const SHOWN_SIGNS = 8;

/** Which notice this is: whose words, and its version. */
export function NoticeVersion({ notice: { version, own } }: { notice: Notice }) {
  const words = useWords().planning.notice;
  return (
    <Text size="sm" c="dimmed" my={8} title={version}>
      {words.version(own, version.slice(0, SHOWN_SIGNS))}
    </Text>
  );
}
