import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RtpCapabilities } from "@verbatim/shared/signal/media";
import { checkNetwork } from "../session/check-network.ts";
import { openWebSocket, ticketsFor } from "../session/tickets.ts";
import { useWords } from "../words/words.ts";
import { Check } from "./check.tsx";
import { type Wanted, type ProbeResult } from "../media/probe.ts";
import type { entrance as EntranceWords } from "../words/en/entrance.ts";
import styles from "./entrance.module.css";

type Of = { readonly interviewId: string; readonly role: string };
type Props = Of & { readonly onSpoken: (router: RtpCapabilities) => void };

export const networkCheckKey = ({ interviewId, role }: Of) => ["probe", interviewId, role] as const;

/** Real transports to the media server: direct over UDP or TCP, or by a relay; and what to ask for where it is not the best. */
export function NetworkCheck({ interviewId, role, onSpoken }: Props) {
  const { entrance } = useWords();
  const words = entrance.devices;
  const probe = useQuery({
    queryKey: networkCheckKey({ interviewId, role }),
    queryFn: ({ signal }) =>
      checkNetwork({
        takeTicket: ticketsFor(interviewId, role, "probe"),
        openSocket: openWebSocket,
        onSpoken,
        signal,
      }),
    retry: false,
    staleTime: 60_000,
  });
  // Neither there nor under way: it was ended by Join.
  const result: ProbeResult | undefined =
    probe.isFetching || probe.isPending ? undefined : (probe.data ?? { path: "none", wanted: undefined });
  const said = result && sayOf(result, words);
  return (
    <Check
      name={words.network}
      state={result === undefined ? "open" : result.path === "none" ? "wrong" : "good"}
      said={said ?? words.checking}
    >
      {result?.path === "none" && (
        <div className={styles["row"]}>
          <Button variant="default" onClick={() => void probe.refetch()}>
            {words.again}
          </Button>
        </div>
      )}
    </Check>
  );
}

type DeviceWords = (typeof EntranceWords)["devices"];

/** Above this people hear it. */
const LOSS_HEARD = 0.03;

function sayOf(result: ProbeResult, words: DeviceWords): string {
  const { wanted } = result;
  const ask = (sentence: (ports: string, places: string) => string): string[] =>
    wanted ? [sentence(portsOf(wanted), wanted.addresses.slice(0, 2).join(", "))] : [];
  if (result.path === "none") return [words.none, ...(wanted ? ask(words.askAny) : [words.askSocket])].join(" ");
  const { roundTripMs, loss } = result;
  return [
    words[result.path](roundTripMs, Math.round(loss * 100)),
    ...(loss > LOSS_HEARD ? [words.lossy] : []),
    ...(result.path === "udp" ? [] : ask(words.askUdp)),
  ].join(" ");
}

const portsOf = ({ ports: { first, last } }: Wanted): string => (first === last ? `${first}` : `${first}–${last}`);
