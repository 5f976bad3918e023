import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ScribeCounters } from "./run-scribe.ts";
import type { Scribe } from "./scribe.ts";

/** What operators can ask: how late words are, how often the engine was lost, how much waits. */
export function registerMetrics(registry: Registry, scribe: () => Scribe): ScribeCounters {
  const registers = [registry];
  const words = new Counter({ name: "scribe_words_total", help: "Final words", registers });
  const reconnects = new Counter({
    name: "scribe_reconnects_total",
    help: "Streams to the engine begun again",
    registers,
  });
  const latency = new Histogram({
    name: "scribe_engine_seconds",
    help: "From the last audio of a word to the engine's first answer with it",
    buckets: [0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1, 2, 4, 8],
    registers,
  });
  for (const [name, help, read] of [
    ["scribe_runs", "Runs being heard", (now: Scribe) => now.runs],
    ["scribe_backlog_seconds", "Sound that waits for the engine", (now: Scribe) => now.backlogS],
  ] as const) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(scribe()));
      },
    });
  }
  return {
    word(engineMs) {
      words.inc();
      if (engineMs !== undefined) latency.observe(engineMs / 1000);
    },
    reconnect: () => reconnects.inc(),
  };
}
