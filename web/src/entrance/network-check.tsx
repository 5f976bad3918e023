import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { checkNetwork } from "../session/check-network.ts";
import { openWebSocket, ticketsFor } from "../session/tickets.ts";
import { useWords } from "../words/words.ts";
import { Check } from "./check.tsx";
import styles from "./entrance.module.css";

/** A real transport to the media server, over UDP and TCP. */
export function NetworkCheck({ interviewId, role }: { interviewId: string; role: string }) {
  const { entrance } = useWords();
  const words = entrance.devices;
  const probe = useQuery({
    queryKey: ["probe", interviewId, role],
    queryFn: () => checkNetwork({ takeTicket: ticketsFor(interviewId, role, "probe"), openSocket: openWebSocket }),
    retry: false,
    staleTime: 60_000,
  });
  const path = probe.isFetching ? undefined : (probe.data?.path ?? "none");
  const roundTripMs = probe.data && probe.data.path !== "none" ? probe.data.roundTripMs : 0;
  return (
    <Check
      name={words.network}
      state={path === undefined ? "open" : path === "none" ? "wrong" : "good"}
      said={path === undefined ? words.checking : path === "none" ? words.none : words[path](roundTripMs)}
    >
      {path === "none" && (
        <div className={styles["row"]}>
          <Button variant="default" onClick={() => void probe.refetch()}>
            {words.again}
          </Button>
        </div>
      )}
    </Check>
  );
}
