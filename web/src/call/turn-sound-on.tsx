import { Button } from "@mantine/core";
import { isStaff } from "@verbatim/shared/ids";
import { IconVolume } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./turn-sound-on.module.css";
import { useSound } from "./voices.tsx";

/** Where the browser refuses to play, one large button asks for the press it wants. */
export function TurnSoundOn() {
  const { call: words } = useWords();
  const { entry } = useCallView();
  const { blocked, turnOn } = useSound();
  if (!blocked) return null;
  return (
    <div className={styles["cover"]}>
      <Button size="xl" h={72} leftSection={<IconVolume size={28} />} onClick={turnOn}>
        {words.sound.turnOn}
      </Button>
      <p>
        {words.sound.why}
        {isStaff(entry.role) && ` ${words.sound.words}`}
      </p>
    </div>
  );
}
