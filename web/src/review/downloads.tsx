import { Button, Menu } from "@mantine/core";
import { markFormats } from "@verbatim/shared/api/marks";
import { isFiltered } from "@verbatim/shared/marks/listed";
import { transcriptFormats } from "@verbatim/shared/api/interviews";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import { useMarkFilter } from "./use-mark-filter.ts";
import type { filesOf } from "./files.ts";
import type { ReviewOf } from "./review-section.tsx";

/** Master, each speaker's track, the transcript in three forms, and the annotations that are shown in three. */
export function Downloads({ files, review }: { files: ReturnType<typeof filesOf>; review: ReviewOf }) {
  const { review: words, marks } = useWords();
  const [filter] = useMarkFilter();
  const names = isFiltered(filter) ? marks.filteredExports : marks.exports;
  return (
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 100 }}
      keepMounted={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={18} />} rightSection={<IconChevronDown size={16} />}>
          {words.downloads}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {review.masterKey !== null && (
          <Menu.Item component="a" href={files.savedMaster} download>
            {words.master}
          </Menu.Item>
        )}
        {review.tracks.map(({ seatId, speaker }) => (
          <Menu.Item key={seatId} component="a" href={files.savedTrack(seatId)} download>
            {words.track(speaker)}
          </Menu.Item>
        ))}
        {review.pictures.some(({ pieces }) => pieces.length > 0) && (
          <Menu.Item component="a" href={files.pictureList} download>
            {words.pictures.list}
          </Menu.Item>
        )}
        <Menu.Divider />
        {transcriptFormats.map((format) => (
          <Menu.Item key={format} component="a" href={files.transcript(format)} download>
            {words[format]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {markFormats.map((format) => (
          <Menu.Item key={format} component="a" href={files.marks(format, filter)} download>
            {names[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
