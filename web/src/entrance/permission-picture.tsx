import { useWords } from "../words/words.ts";
import { type BrowserFamily, browserOf } from "./browser.ts";
import styles from "./entrance.module.css";

/** Where this browser's permission is: a small drawing of its address bar, with the sign to press, and the steps in words. */
export function PermissionPicture() {
  const words = useWords().entrance.permission;
  const browser = browserOf(navigator, true);
  const family: BrowserFamily = browser.kind === "supported" ? browser.family : "chrome";
  const onRight = family === "safari-ios";
  const x = onRight ? 262 : 26;
  return (
    <figure className={styles["permission"]}>
      <svg viewBox="0 0 288 64" role="img" aria-label={words.picture}>
        <rect x="1" y="13" width="286" height="38" rx="19" className={styles["bar"]} />
        <Sign family={family} x={x} />
        <rect x={onRight ? 28 : 54} y="28" width="150" height="8" rx="4" className={styles["address"]} />
        <circle cx={x} cy="32" r="19" className={styles["ring"]} />
      </svg>
      <figcaption>{words.steps[family]}</figcaption>
    </figure>
  );
}

/** The browser's own sign: two sliders, a crossed camera, a page with lines. */
function Sign({ family, x }: { family: BrowserFamily; x: number }) {
  if (family === "firefox") {
    return (
      <g className={styles["sign"]} transform={`translate(${x - 10} 22)`}>
        <rect x="1" y="5" width="12" height="10" rx="2" />
        <path d="M13 9l6-3v8l-6-3M1 19L19 1" />
      </g>
    );
  }
  if (family === "safari" || family === "safari-ios") {
    return (
      <g className={styles["sign"]} transform={`translate(${x - 9} 23)`}>
        <rect x="1" y="1" width="16" height="11" rx="2" />
        <path d="M1 15h16M1 18h10" />
      </g>
    );
  }
  return (
    <g className={styles["sign"]} transform={`translate(${x - 9} 24)`}>
      <path d="M8 4h10M0 4h2M0 12h8M14 12h4" />
      <circle cx="5" cy="4" r="3" />
      <circle cx="11" cy="12" r="3" />
    </g>
  );
}
