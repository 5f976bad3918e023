import { IconWifi, IconWifi1, IconWifi2 } from "@tabler/icons-react";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./quality-line.module.css";

/** One's own network, in words. */
export function QualityLine() {
  const { call: words } = useWords();
  const { call } = useCallView();
  const { quality } = useObservable(call.media.health);
  const Icon = quality === "poor" ? IconWifi1 : quality === "fair" ? IconWifi2 : IconWifi;
  return (
    <p
      className={styles["line"]}
      data-quality={quality}
      title={quality === "fair" ? words.network.unsteady : undefined}
    >
      <Icon size={16} aria-hidden />
      <span>
        {words.network.quality[quality]}
        {quality === "fair" && <small>{words.network.unsteady}</small>}
      </span>
    </p>
  );
}
