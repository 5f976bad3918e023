/** Simulcast layers of a camera, smallest first: a quarter, half and all of its height. */
export type Layer = 0 | 1 | 2;

/** Which layer a picture is asked for in, and how high the camera's whole picture is, in pixels. */
export type LayerChoice = { readonly layer: Layer; readonly wholePx: number };

/** A picture's place on the screen and the frames that came for it: their heights in pixels. No frame yet is 0. */
export type Shown = { readonly placePx: number; readonly framePx: number };

/** What every camera is asked for; one that gives less is known by its frames. */
const ASKED_PX = 720;
/** A tile a little higher than its picture is still sharp. */
const ENLARGED = 1.15;

export const firstChoice = (layer: Layer): LayerChoice => ({ layer, wholePx: ASKED_PX });

/**
 * The smallest layer that fills a place: what is larger is sent, decoded and drawn for nobody. Frames smaller than asked
 * for may be all that the network carries: then no less is asked for on their account.
 */
export function chooseLayer(before: LayerChoice, { placePx, framePx }: Shown): LayerChoice {
  const wholePx = before.layer === 2 && framePx > 0 ? framePx : before.wholePx;
  const layers: readonly Layer[] = [0, 1];
  const layer = layers.find((one) => placePx <= (wholePx / 2 ** (2 - one)) * ENLARGED) ?? 2;
  return { layer, wholePx };
}
