/** Of a camera that fails in the call. */
export const cameraBar = {
  denied:
    "The browser may not use your camera. The others hear you and see your initials. Allow it beside the address, then try again.",
  missing: "No camera found. The others hear you and see your initials. Plug one in, then try again.",
  busy: "Another program holds your camera. The others hear you and see your initials. Close it, then try again.",
  ended: "Your camera stopped. The others hear you and see your initials. Plug it in, or choose another under Devices.",
  again: "Try again",
  without: "Go on without",
} as const;
