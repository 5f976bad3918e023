import fc from "fast-check";
import { expect, it } from "vitest";
import { useHarness } from "../../test/harness.ts";
import { scene } from "../../test/scene.ts";
import { contracts } from "../start-api.ts";

const { harness, staff } = await useHarness();

/** By itself, because with the other tests of every endpoint one address would ask more often than it may. */
it("answers any body at all on every endpoint without failing", async () => {
  const { at, candidate } = await scene(harness, staff);
  const bodies = fc.sample(fc.json(), 20);
  for (const { method, path } of contracts.filter((contract) => contract.method !== "GET")) {
    const address = path
      .replace(":interviewId", at.interviewId)
      .replace(":role", "candidate")
      .replace(":language", "en");
    for (const body of bodies) {
      const response = await candidate.browser.raw(address, {
        method,
        headers: { "content-type": "application/json" },
        body,
      });
      expect(response.status).toBeLessThan(500);
      await response.arrayBuffer();
    }
  }
});
