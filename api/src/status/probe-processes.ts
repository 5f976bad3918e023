import type { ProcessStatus } from "@verbatim/shared/api/status";
import { readMetrics } from "./read-metrics.ts";

export type Probed = ProcessStatus & { readonly metrics: ReadonlyMap<string, number> };

/** A process that takes longer than this to say that it is ready is not. */
const ANSWER_MS = 2_000;
/** A process has some hundred lines of metrics; something else may stand behind a wrong address. */
const METRICS_BYTES = 1024 * 1024;

/** Asks each process on its loopback port, all at once. Never throws: no answer is an answer. */
export async function probeProcesses(
  processes: ReadonlyMap<string, string>,
  nowMs: () => number,
): Promise<readonly Probed[]> {
  return await Promise.all(
    [...processes].map(async ([name, url]) => {
      const [ready, text] = await Promise.all([ask(`${url}/readyz`), ask(`${url}/metrics`)]);
      const metrics = readMetrics(text?.ok ? text.body : "");
      const since = metrics.get("process_start_time_seconds");
      const memory = metrics.get("process_resident_memory_bytes");
      return {
        name,
        state: ready === undefined ? "silent" : ready.ok ? "ready" : "not-ready",
        runningForS: since === undefined ? null : Math.max(0, Math.round(nowMs() / 1000 - since)),
        memoryBytes: memory === undefined ? null : Math.round(memory),
        metrics,
      };
    }),
  );
}

async function ask(url: string): Promise<{ readonly ok: boolean; readonly body: string } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: "error" });
    const length = Number(response.headers.get("content-length") ?? 0);
    return { ok: response.ok, body: length > METRICS_BYTES ? "" : await response.text() };
  } catch {
    return undefined; // Refused, or too slow: it is shown as silent.
  }
}
