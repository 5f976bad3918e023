import { Button, Group, Text, Title } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { useWords } from "../words/words.ts";

type Props = { readonly entry: Entry; readonly onGoOn: () => void; readonly onReadAgain: () => void };

/** After a no: the call without a recording, or the notice once more. */
export function Declined({ entry, onGoOn, onReadAgain }: Props) {
  const { entrance } = useWords();
  const words = entrance.declined;
  return (
    <>
      <Title order={1}>{words.title}</Title>
      <Text my={12}>{words.text(entry.hostName)}</Text>
      <Group>
        <Button onClick={onGoOn}>{words.goOn}</Button>
        <Button variant="default" onClick={onReadAgain}>
          {words.readAgain}
        </Button>
      </Group>
    </>
  );
}
