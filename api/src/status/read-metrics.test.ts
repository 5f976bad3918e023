import fc from "fast-check";
import { expect, it } from "vitest";
import { readMetrics } from "./read-metrics.ts";

it("values without labels are read, all other lines are passed by", () => {
  const text = [
    "# HELP ship_backlog_chunks Chunks",
    "# TYPE ship_backlog_chunks gauge",
    "ship_backlog_chunks 3",
    'nodejs_version_info{version="v24"} 1',
    "process_start_time_seconds 1795279999.5",
    "odd NaN",
  ].join("\n");
  expect([...readMetrics(text)]).toEqual([
    ["ship_backlog_chunks", 3],
    ["process_start_time_seconds", 1_795_279_999.5],
  ]);
});

it("whatever stands there, reading never fails", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), (text) => {
      for (const value of readMetrics(text).values()) expect(Number.isFinite(value)).toBe(true);
    }),
  );
});
