import { Counter, Gauge, type Registry } from "prom-client";

/** Names what a process counts by itself, under its prefix. Nothing is computed until somebody asks. */
export function metricsOf(registry: Registry, prefix: string) {
  const registers = [registry];
  return {
    total(name: string, help: string, read: () => number): void {
      new Counter({
        name: `${prefix}_${name}_total`,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(Math.max(0, read()));
        },
      });
    },
    gauge(name: string, help: string, read: () => number): void {
      new Gauge({
        name: `${prefix}_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
  };
}
