import { expect, it } from "vitest";
import { absenceOf, type SourceState } from "./presence.ts";

const here: SourceState = {
  seat: { presence: "here", sinceUs: 1 },
  producing: true,
  awaited: false,
  linked: true,
  muted: false,
  lastArrivalUs: 5,
  nowUs: 10_000_000,
};

it.each<readonly [string, Partial<SourceState>, { cause: string; sinceUs: number } | undefined]>([
  ["a source that is here is not absent, however long it is silent", {}, undefined],
  [
    "who is away was disconnected since then",
    { seat: { presence: "away", sinceUs: 7 } },
    { cause: "disconnect", sinceUs: 7 },
  ],
  ["who left has left since then", { seat: { presence: "left", sinceUs: 8 } }, { cause: "left", sinceUs: 8 }],
  ["a seat that is no longer listed has left", { seat: undefined }, { cause: "left", sinceUs: 10_000_000 }],
  ["without a producer the sfu lost it", { producing: false }, { cause: "sfu", sinceUs: 10_000_000 }],
  [
    "until its first packet its way to us does not stand, since it took its seat",
    { awaited: true },
    { cause: "sfu", sinceUs: 1 },
  ],
  ["muted, no packet is awaited", { awaited: true, muted: true }, undefined],
  [
    "silent while the sfu says nothing, it is lost since its last packet",
    { linked: false },
    { cause: "sfu", sinceUs: 5 },
  ],
  ["muted, its silence says nothing", { linked: false, muted: true }, undefined],
  ["packets alone say that it lives", { linked: false, lastArrivalUs: 9_000_000 }, undefined],
])("%s", (_, change, expected) => {
  expect(absenceOf({ ...here, ...change })).toEqual(expected);
});
