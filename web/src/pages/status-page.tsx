import { Skeleton, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Status } from "@verbatim/shared/api/status";
import { codeOf } from "../api/failure.ts";
import { statusQuery } from "../api/queries.ts";
import { Fault, FaultText } from "../parts/fault.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { withCommands } from "../parts/with-commands.tsx";
import { type Level, linesOf, type StatusLine } from "../status/lines-of.ts";
import { useWords } from "../words/words.ts";
import styles from "./status-page.module.css";

const icons = { good: IconCircleCheck, note: IconInfoCircle, wrong: IconAlertTriangle } satisfies Record<
  Level,
  unknown
>;

/** How this installation is, for those who keep it running. */
export function Component() {
  return (
    <SignedIn>
      <Installation />
    </SignedIn>
  );
}

function Installation() {
  const { status: words } = useWords();
  const found = useQuery(statusQuery);
  return (
    <>
      <div className={styles["top"]}>
        <Title order={1}>{words.title}</Title>
        {found.data && <p>{words.asOf(new Date(found.data.atMs).toLocaleTimeString())}</p>}
      </div>
      {found.isPending && <Skeleton height={320} radius={10} />}
      {/* What was read before is not shown then: it may be so no more. */}
      {found.isError &&
        (codeOf(found.error) === "server.draining" ? (
          <FaultText remedy={words.database.away} />
        ) : (
          <Fault thrown={found.error} again={() => void found.refetch()} />
        ))}
      {found.data && !found.isError && <Lines status={found.data} />}
    </>
  );
}

function Lines({ status }: { status: Status }) {
  const { status: words } = useWords();
  const lines = linesOf(status, words);
  const wrong = Object.values(lines)
    .flat()
    .filter(({ level }) => level === "wrong").length;
  return (
    <>
      <p className={styles["sum"]} role="status">
        {wrong === 0 ? words.allWell : words.someWrong(wrong)}
      </p>
      {(Object.keys(words.groups) as (keyof typeof words.groups)[]).map((group) => (
        <section key={group} aria-label={words.groups[group]}>
          <h2 className={styles["group"]}>{words.groups[group]}</h2>
          <ul className={styles["list"]}>
            {lines[group].map((line) => (
              <Line key={line.name} {...line} />
            ))}
          </ul>
        </section>
      ))}
      <p className={styles["version"]}>{words.version(status.version)}</p>
    </>
  );
}

function Line({ name, level, said, remedy }: StatusLine) {
  const { status: words } = useWords();
  const Icon = icons[level];
  return (
    <li className={styles["line"]} data-level={level}>
      <Icon size={20} aria-label={words.levels[level]} />
      <p className={styles["name"]}>{name}</p>
      <p className={styles["said"]}>{said}</p>
      {remedy !== undefined && <p className={styles["remedy"]}>{withCommands(remedy)}</p>}
    </li>
  );
}
