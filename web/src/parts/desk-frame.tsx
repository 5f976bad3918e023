import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { signOut } from "@verbatim/shared/api/account";
import { IconActivityHeartbeat, IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { call } from "../api/call.ts";
import { meQuery } from "../api/queries.ts";
import { useWords } from "../words/words.ts";
import { FaultText } from "./fault.tsx";
import styles from "./desk-frame.module.css";

/** The frame of the pages outside a call. */
export function DeskFrame({ children, narrow = false }: { children: ReactNode; narrow?: boolean }) {
  const { desk, entrance } = useWords();
  return (
    <>
      <a className={styles["skip"]} href="#content">
        {desk.skip}
      </a>
      <header className={styles["header"]}>
        <Link className={styles["brand"]} to="/">
          <img src="/icon.svg" alt="" width={28} height={28} />
          {desk.product}
        </Link>
        <div className={styles["tools"]}>
          <Account />
          <ThemeToggle />
        </div>
      </header>
      <main id="content" className={narrow ? styles["narrow"] : styles["wide"]} tabIndex={-1}>
        {!window.isSecureContext && <FaultText remedy={entrance.insecure} />}
        {children}
      </main>
    </>
  );
}

function Account() {
  const { desk, status } = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  // Only shown when known already: pages without an account must not ask.
  const { data } = useQuery({ ...meQuery, enabled: false });
  const leave = useMutation({
    mutationFn: () => call(signOut, undefined),
    onSettled: async () => {
      client.clear();
      await navigate("/sign-in");
    },
  });
  if (!data) return null;
  return (
    <>
      <span className={styles["who"]}>
        {data.name} · {data.organisation}
      </span>
      {data.admin && (
        <ActionIcon
          component={Link}
          to="/status"
          variant="subtle"
          size={44}
          aria-label={status.link}
          title={status.link}
        >
          <IconActivityHeartbeat size={20} />
        </ActionIcon>
      )}
      <Button variant="subtle" onClick={() => leave.mutate()} loading={leave.isPending}>
        {desk.signOut}
      </Button>
    </>
  );
}

function ThemeToggle() {
  const { desk } = useWords();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "light" ? "dark" : "light";
  return (
    <ActionIcon
      variant="subtle"
      size={44}
      aria-label={desk.theme[other]}
      title={desk.theme[other]}
      onClick={() => setColorScheme(other)}
    >
      {other === "dark" ? <IconMoon size={20} /> : <IconSun size={20} />}
    </ActionIcon>
  );
}
